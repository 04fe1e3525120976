# webctp in a container: `docker build -t webctp .`; see docs/deployment.md.
# `make container` carries these very steps out without Docker, in a tree without Chinese locale.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY setup.py pyproject.toml MANIFEST.in LICENSE README.md ./
COPY twisted twisted
COPY webctp webctp
RUN python -m venv /opt/webctp
RUN /opt/webctp/bin/pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .
RUN /opt/webctp/bin/pip install --no-cache-dir /wheels/webctp-*.whl
# Twisted's cache of plugins: nothing can be written where the gateway runs.
RUN /opt/webctp/bin/twistd --help > /dev/null
# The locale that the CTP library needs, made here: no package, and no second at each start.
RUN /opt/webctp/bin/python -c "from pathlib import Path; from webctp.ctp import locale; Path('/opt/webctp/locale').mkdir(); locale.build(Path('/opt/webctp/locale', locale.NAME))"

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="webctp" \
      org.opencontainers.image.description="A gateway from WebSocket and JSON to CTP" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/webctp --shell /usr/sbin/nologin webctp
COPY --from=build /opt/webctp /opt/webctp
COPY etc/container.yaml /etc/webctp/webctp.yaml
COPY etc/health.py /opt/webctp/health.py
ENV PATH=/opt/webctp/bin:/usr/local/bin:/usr/bin:/bin \
    LOCPATH=/opt/webctp/locale \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEALTH_URL=http://127.0.0.1:8080/healthz
USER 10001:10001
# Journal, kill switch, tokens, flow files: relative paths of the configuration count from here.
WORKDIR /var/lib/webctp
VOLUME /var/lib/webctp
EXPOSE 8080
STOPSIGNAL SIGTERM
# Whether the process serves, not whether its front does: a restart cures no front.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "/opt/webctp/health.py"]
# No tini: twistd handles its signals itself, and the one process it starts it waits for.
ENTRYPOINT ["twistd", "--nodaemon", "webctp"]
CMD ["--config", "/etc/webctp/webctp.yaml"]
