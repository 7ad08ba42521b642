# docker build -t placements .
# docker run -p 127.0.0.1:8000:8000 -v placements:/data -e PLACEMENTS_PUBLIC_URL=https://placements.example.org placements
# A proxy in front speaks TLS (deploy/); name its address in FORWARDED_ALLOW_IPS.
FROM python:3.12-slim AS built
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /program
RUN python -m venv /venv
# Pinned with hashes and installed without resolving; before the program, so that a change of it installs nothing anew.
COPY requirements.lock ./
RUN /venv/bin/pip install --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY models models
COPY allocator allocator
COPY scenarios scenarios
COPY api api
COPY benchmarks benchmarks
RUN /venv/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN groupadd --system --gid 10001 placements \
    && useradd --system --uid 10001 --gid placements --home-dir /data --shell /usr/sbin/nologin placements \
    && install --directory --mode 0700 --owner placements --group placements /data
COPY --from=built /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 MPLCONFIGDIR=/tmp/matplotlib \
    PLACEMENTS_DATABASE=sqlite:////data/placements.db \
    PLACEMENTS_HOST=0.0.0.0 \
    PLACEMENTS_PORT=8000 \
    PLACEMENTS_BEHIND_PROXY=yes
USER placements
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["placements", "serve"]
