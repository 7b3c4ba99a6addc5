# The two machines of .ci/fresh.sh, for those who have Docker: the same scripts run in them.
#
#   docker build --target build .     with cargo, pip and make only: `make demo` and `make test`
#   docker build -t sameface .        with Python only: the wheel of target/dist, which `make wheel` has left there
#   docker run --rm -v "$PWD/photos:/photos" sameface enroll /photos

FROM debian:forky-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates cargo make python3-pip
RUN useradd --create-home user
COPY --chown=user . /home/user/sameface
USER user
RUN sh /home/user/sameface/.ci/fresh/build.sh

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3-venv
RUN useradd --create-home user
COPY --chown=user .ci /home/user/sameface/.ci
COPY --chown=user target/dist/*.whl /home/user/sameface/
USER user
RUN sh /home/user/sameface/.ci/fresh/wheel.sh && sh /home/user/sameface/.ci/fresh/use.sh
ENTRYPOINT ["/home/user/sameface/env/bin/verify"]
