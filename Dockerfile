# widget-server in a container: slim, its own user, a root file system that is only read, one volume for the data.
# Not built where this project is tested (no container engine there): its RUN lines are, in this order, in a clean folder.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/widget
RUN /opt/widget/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt "redis>=5"
COPY setup.cfg setup.py pyproject.toml MANIFEST.in README.md LICENSE CHANGELOG.md ./
COPY surveys ./surveys
COPY widget_server ./widget_server
RUN /opt/widget/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin widget && install -d -o widget -g widget -m 700 /data
COPY --from=build /opt/widget /opt/widget
ENV PATH=/opt/widget/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 WIDGET_INSTANCE=/data WIDGET_HOST=0.0.0.0 WIDGET_PORT=8000
USER widget
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["widget-server"]
CMD ["serve"]
