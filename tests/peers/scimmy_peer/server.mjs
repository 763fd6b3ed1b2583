// A SCIM server on scimmy-routers: users and groups in memory, one key. It lies beside its packages.
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const right = `Bearer ${process.env.PEER_KEY}`;
const unfiltered = process.env.PEER_STORE === "unfiltered";

function keepInMemory(declared, unique) {
  const kept = new Map();
  let last = 0;

  const found = (id) => {
    if (!kept.has(id)) throw new SCIMMY.Types.Error(404, null, `There is no ${id}.`);
    return kept.get(id);
  };

  declared
    .ingress((resource, data) => {
      const given = JSON.parse(JSON.stringify(data));
      for (const other of kept.values()) {
        if (other[unique] === given[unique] && other.id !== resource.id) {
          throw new SCIMMY.Types.Error(409, "uniqueness", `${unique} is taken.`);
        }
      }
      const id = resource.id ? found(resource.id).id : String((last += 1));
      kept.set(id, { ...given, id });
      return kept.get(id);
    })
    .egress((resource) => {
      if (resource.id) return found(resource.id);
      const all = [...kept.values()];
      return resource.filter && !unfiltered ? resource.filter.match(all) : all;
    })
    .degress((resource) => {
      found(resource.id);
      kept.delete(resource.id);
    });
}

keepInMemory(SCIMMY.Resources.declare(SCIMMY.Resources.User), "userName");
keepInMemory(SCIMMY.Resources.declare(SCIMMY.Resources.Group), "displayName");

const app = express();
app.use(
  "/scim/v2",
  new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
      if (request.header("Authorization") !== right) throw new Error("This key is not known.");
      return "admin";
    },
  }),
);
app.listen(Number(process.env.PEER_PORT), "127.0.0.1");
