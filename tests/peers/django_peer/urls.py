"""Where SCIM is served."""

from django.urls import include, path  # type: ignore[import-not-found]

urlpatterns = [path("scim/v2/", include("django_scim.urls", namespace="scim"))]
