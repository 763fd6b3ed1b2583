// What Okta's Node SDK reads in the org, by API token and as a service app; prints JSON.
import okta from "@okta/okta-sdk-nodejs";

const {PEER_ROOT, PEER_TOKEN, PEER_APP, PEER_CLIENT_ID, PEER_PRIVATE_KEY} = process.env;
const org = {orgUrl: PEER_ROOT, testing: {disableHttpsCheck: true}};

async function outcome(call) {
    try {
        const found = await call();
        if (typeof found.each !== "function") return found.status ?? found.label;
        let count = 0;
        await found.each(() => { count += 1; });
        return count;
    } catch (error) {
        return error.errorCode ?? String(error);
    }
}

async function everything(client) {
    const appId = PEER_APP;
    return {
        "apps": await outcome(() => client.applicationApi.listApplications({q: "ngrok"})),
        "app": await outcome(() => client.applicationApi.getApplication({appId})),
        "app users": await outcome(
            () => client.applicationApi.listApplicationUsers({appId, limit: 100})),
        "app groups": await outcome(
            () => client.applicationApi.listApplicationGroupAssignments({appId})),
        "connection": await outcome(
            () => client.applicationApi.getDefaultProvisioningConnectionForApplication({appId})),
        "features": await outcome(() => client.applicationApi.listFeaturesForApplication({appId})),
        "me": await outcome(() => client.userApi.getUser({userId: "me"})),
        "users by search": await outcome(
            () => client.userApi.listUsers({search: 'status eq "ACTIVE"', limit: 100})),
        "log": await outcome(() => client.systemLogApi.listLogEvents(
            {limit: 10, until: new Date(Date.now() + 1000).toISOString()})),
        "mappings": await outcome(
            () => client.profileMappingApi.listProfileMappings({targetId: appId})),
        "org": await outcome(() => client.orgSettingApi.getOrgSettings()),
    };
}

const byToken = new okta.Client({...org, token: PEER_TOKEN});
const asServiceApp = new okta.Client({
    ...org,
    authorizationMode: "PrivateKey",
    clientId: PEER_CLIENT_ID,
    scopes: ["okta.apps.read", "okta.users.read"],
    privateKey: PEER_PRIVATE_KEY,
});
console.log(JSON.stringify({
    "token": await everything(byToken),
    "service app": await everything(asServiceApp),
}));
