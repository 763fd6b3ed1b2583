# The image of ngrok-scim: no root, no shell needed, and nothing is written, so that the root file
# system may be read-only. First `make release`: the image holds the very wheel of the release.
#
#   docker build --tag ngrok-scim .
#   docker run --rm --read-only --cap-drop ALL --volume /etc/ngrok-scim:/keys:ro ngrok-scim \
#     test-connect --api-key-file /keys/scim-key

FROM python:3.13-slim AS build
COPY requirements/run.txt dist/packages/*.whl /build/
RUN python -m venv /opt/ngrok-scim \
 && /opt/ngrok-scim/bin/pip install --no-cache-dir --no-deps --require-hashes -r /build/run.txt \
 && /opt/ngrok-scim/bin/pip install --no-cache-dir --no-deps /build/*.whl \
 && /opt/ngrok-scim/bin/pip uninstall --yes pip

FROM python:3.13-slim
COPY --from=build /opt/ngrok-scim /opt/ngrok-scim
ENV PATH=/opt/ngrok-scim/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHON_KEYRING_BACKEND=keyring.backends.fail.Keyring \
    NGROK_SCIM_HOME=/nowhere
USER 65532:65532
ENTRYPOINT ["ngrok-scim"]
CMD ["--help"]
