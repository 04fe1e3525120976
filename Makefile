# The two commands are `make run` and `make test`; both set up .venv by themselves.
# Paths are relative throughout: make cannot cope with spaces in them, and a checkout's path may
# hold some.

PYTHON ?=
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
TOOLS := $(VENV)/.ready-test
CONFIG ?= etc/sim.yaml
PORT ?=
TESTS ?=
STORIES ?= 20
SEED ?= 0
DAYS ?= 50
SECONDS ?= 300
PYTHON2 ?=
HOURS ?= 52
CLIENTS ?= 200

.PHONY: help run test quick coverage news lint format docs fuzz soak conformance bench native chaos bus conditional upgrade hostile matrix bindings clients ledger portfolio console vnpy schemathesis clean

help:
	@echo 'make run     set up, and serve the simulated exchange on 127.0.0.1:8080   安装并启动模拟服务'
	@echo 'make test    set up, and check everything                                 安装并运行全部检查'
	@echo 'make quick   tests without processes and sleeps, under a minute              快速测试，一分钟内'
	@echo 'make coverage  which lines the tests reach, in every process, half an hour    测试覆盖的行，约半小时'
	@echo 'make lint    ruff and mypy alone                                          仅代码检查'
	@echo 'make format  let ruff put the sources into shape                          格式化代码'
	@echo 'make console build the page in the browser, and test its parts             构建网页控制台并测试其部件'
	@echo 'make docs    make the parts of the documents that the code can tell       由代码生成文档'
	@echo 'make chaos   break real daemons and compare what clients know             故障测试'
	@echo 'make bus     random failures of Redis, nodes and edges                    总线的随机故障'
	@echo 'make conditional  kill daemons whose conditional orders wait              条件单与杀进程的故事'
	@echo 'make upgrade  restart the unit under 200 clients that trade, as root         在负载下重启网关（须 root）'
	@echo 'make fuzz    bytes, messages, files made by a coverage-guided fuzzer        模糊测试'
	@echo 'make vnpy    a whole simulated day of a vn.py program, ten minutes            vn.py 测试，约十分钟'
	@echo 'make schemathesis  random requests made from openapi.yaml, ten minutes     由 openapi.yaml 生成的随机请求'
	@echo 'make soak    two days of the exchange with 200 clients, 15 minutes             长时间运行测试'
	@echo 'make conformance  the Autobahn suite, where there is a Python 2.7            WebSocket 一致性'
	@echo 'make bench   measure the gateway, some three minutes                      测量性能，约三分钟'
	@echo 'make native  strain the CTP library in full, some six minutes             充分测试 CTP 库，约六分钟'
	@echo 'make hostile floods of every kind beside honest clients, two minutes      恶意客户端测试，约两分钟'
	@echo 'make matrix  every Python here, newest and lowest dependencies, an hour   在本机各 Python 版本上运行全部测试'
	@echo 'make bindings  install the other CTP libraries, and run the offline tests on each  在其他接口库上运行离线测试'
	@echo 'make clients  the Python client on every Python here, with pandas, polars, pyright    各 Python 版本上的客户端'
	@echo 'make news    what the fragments of news make                               更新片段合成后的样子'
	@echo 'make ledger  hold 50 random days of the exchange against a ledger         模拟账目核对'
	@echo 'make portfolio  hold portfolios of 50 random days against queries          持仓与资金核对'
	@echo 'make container  carry the Dockerfile out without Docker, as root            不用 Docker 执行 Dockerfile 并运行'
	@echo 'make sbom    what it runs on (CycloneDX), in build/sbom.json               软件物料清单'
	@echo 'make clean   remove what these commands made                              清理'
	@echo
	@echo 'make run PORT=8081           on another port                              使用其他端口'
	@echo 'make run CONFIG=etc/td.yaml  with another configuration                   使用其他配置'
	@echo 'make test TESTS=tests.test_config   these tests alone                     只运行这些测试'
	@echo 'make … PYTHON=python3.12     with this Python; make clean to change it    指定 Python（更换前先 make clean）'
	@echo 'make … PIP_INDEX_URL=URL     from a mirror of PyPI                        指定 PyPI 镜像'

# Made anew only when what is to be installed has changed. What serves comes first and alone; the
# tools for tests are three times its size.
$(READY): setup.py pyproject.toml tools/venv.sh
	@PYTHON='$(PYTHON)' tools/venv.sh
	@touch $(READY)

$(TOOLS): $(READY)
	@PYTHON='$(PYTHON)' tools/venv.sh test
	@touch $(TOOLS)

# Without the console the gateway serves all the same, and its page says how it is built.
run: $(READY)
	@$(RUN) tools/console.py || true
	@$(RUN) tools/welcome.py '$(CONFIG)' $(PORT)
	@exec $(VENV)/bin/twistd --nodaemon webctp --config '$(CONFIG)' $(if $(PORT),--port $(PORT))

test: $(TOOLS)
	@$(RUN) tools/console.py --check
	@$(RUN) -m tests $(TESTS)

# In random order; SEED plays one again.
quick: $(TOOLS)
	@$(RUN) -m tests.quick $(SEED) $(TESTS)

# In every process that a test starts, but for those that are killed outright.
coverage: $(TOOLS)
	@$(RUN) -m pip --disable-pip-version-check install -q -e '.[coverage]'
	@$(RUN) -m tests.coverage $(TESTS)

lint: $(TOOLS)
	@$(RUN) -m tests lint

format: $(TOOLS)
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

docs: $(READY)
	@$(RUN) -m webctp docs
	@$(RUN) -m tests.conformance

# Guided by coverage where atheris has a wheel for this Python, else blindly; then on sockets.
fuzz: $(TOOLS)
	@$(RUN) -m pip --disable-pip-version-check install -q --only-binary :all: -e '.[fuzz]' || \
		echo 'webctp: no atheris for this Python: inputs are mutated blindly'
	@$(RUN) -m tests.fuzz --seconds $(SECONDS)
	@$(RUN) -m tests.hostile.fuzz

# Two days of the exchange's clock in a quarter of an hour, or what HOURS, SECONDS and CLIENTS say.
soak: $(TOOLS)
	@$(RUN) -m tests.soak --hours $(HOURS) --clients $(CLIENTS) \
		--seconds $(if $(filter file,$(origin SECONDS)),900,$(SECONDS))

# Exit code 3 where there is no Python 2.7, on which alone the Autobahn suite runs.
conformance: $(TOOLS)
	@$(RUN) -m tests.compliance $(if $(PYTHON2),--python2 '$(PYTHON2)')

bench: $(TOOLS)
	@$(RUN) -m pip --disable-pip-version-check install -q -e '.[bench]'
	@mkdir -p build
	@$(RUN) -m bench --json build/bench.json

native: $(TOOLS)
	@WEBCTP_NATIVE=full $(RUN) -m twisted.trial --temp-directory=.trial tests.test_native

# New stories each time; SEED plays the same ones again.
chaos: $(TOOLS)
	@$(RUN) -m tests.chaos --stories $(STORIES) --seed $(SEED) --traces build/stories

# Some five seconds each, most of them waiting; SEED is the first one's.
bus: $(TOOLS)
	@$(RUN) -m tests.bus.schedules --seed $(SEED) --count $(STORIES)

# Some 10 s of processor time each; another SEED tells others.
conditional: $(TOOLS)
	@$(RUN) -m tests.chaos --conditionals --seed $(SEED) --count $(STORIES)

upgrade: $(TOOLS)
	@$(RUN) -m tests.upgrade

hostile: $(TOOLS)
	@$(RUN) -m tests.hostile

matrix: $(READY)
	@$(RUN) tools/matrix.py

console: $(READY)
	@$(RUN) tools/console.py --check

# In an environment of their own, kept for the next time: tests never see them by accident.
bindings: $(READY)
	@$(RUN) tools/matrix.py --bindings

# The wheel of clients/python on every Python here, with real pandas, polars and pyright.
clients: $(TOOLS)
	@$(RUN) -m tests.clients.python.pythons

news: $(TOOLS)
	@$(RUN) -m pip --disable-pip-version-check install -q -e '.[news]'
	@$(RUN) -m towncrier build --draft --version next

ledger: $(READY)
	@$(RUN) -m tests.sim.test_independent $(DAYS) $(SEED)

portfolio: $(READY)
	@$(RUN) -m tests.upstream.portfolio.randomportfolios $(DAYS) $(SEED)

# As root; needs debootstrap.
container: $(READY)
	@$(RUN) tools/container.py

sbom: $(READY)
	@$(RUN) -m pip --disable-pip-version-check install -q -e '.[sbom]'
	@$(RUN) tools/sbom.py

clean:
	rm -rf $(VENV) .trial* .mypy_cache .ruff_cache .hypothesis build dist webctp.egg-info
	rm -rf webctp/console console/node_modules clients/typescript/node_modules clients/typescript/dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f twisted/plugins/dropin.cache

# vn.py and its apps without the window, in an environment of their own; types, then WebTrader, then
# a whole day. Newer than this uvicorn imports WebTrader before its loop runs: `/ws/` is then silent.
VNPY := build/vnpy/bin/python
vnpy: $(TOOLS)
	@mkdir -p build
	@test -x $(VNPY) || $(RUN) -m venv build/vnpy
	@$(VNPY) -m pip --disable-pip-version-check install -q --no-deps vnpy==4.5.0 \
		vnpy_ctastrategy==1.4.1 vnpy_datarecorder==1.1.1 vnpy_riskmanager==2.0.0 \
		vnpy_spreadtrading vnpy_sqlite==1.1.3 vnpy_webtrader==1.1.0
	@$(VNPY) -m pip --disable-pip-version-check install -q --only-binary :all: numpy pandas \
		tzlocal peewee loguru ta-lib tqdm deap plotly pyzmq requests msgspec websockets \
		fastapi uvicorn==0.34.0 python-jose passlib python-multipart
	@MYPYPATH=clients/python:clients/vnpy $(RUN) -m mypy \
		--config-file clients/vnpy/pyproject.toml --python-executable $(VNPY) clients/vnpy/vnpy_webctp
	@$(RUN) -m tests.clients.vnpy.web --python $(VNPY)
	@$(RUN) -m tests.clients.vnpy.day --python $(VNPY)

# In an environment of its own: it brings a web framework and more with it.
SCHEMATHESIS := build/schemathesis/bin/schemathesis
schemathesis: $(TOOLS)
	@mkdir -p build
	@test -x build/schemathesis/bin/python || $(RUN) -m venv build/schemathesis
	@build/schemathesis/bin/python -m pip --disable-pip-version-check install -q 'schemathesis>=4,<5'
	@$(RUN) -m tests.openapi --schemathesis $(SCHEMATHESIS)
