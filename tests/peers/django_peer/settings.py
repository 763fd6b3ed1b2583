"""A small Django project that serves SCIM with django-scim2; what varies comes by environment."""

import os

SECRET_KEY = "nothing is signed here"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "django_peer.urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["PEER_DATABASE"]}
}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django_scim",
    "django_peer",
]
MIDDLEWARE = [
    "django_peer.middleware.BearerMiddleware",
    "django_scim.middleware.SCIMAuthCheckMiddleware",
]
AUTH_USER_MODEL = "django_peer.User"
SCIM_SERVICE_PROVIDER = {
    "NETLOC": "127.0.0.1",
    "SCHEME": "http",
    "GROUP_MODEL": "django_peer.models.Group",
    "AUTHENTICATION_SCHEMES": [
        {"type": "oauthbearertoken", "name": "Bearer", "description": "A key"}
    ],
}
USE_TZ = True
