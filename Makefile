# Two commands are all a newcomer needs: make run, make test.
-include .env
export

SHELL := /bin/bash
VENV := .venv
READY := $(VENV)/.ready
PY := $(VENV)/bin/python

# Python 3.10 as python3.10, through pyenv's .python-version, or found by uv.
PYTHON310 = $(shell for one in python3.10 python3 python; do \
	if command -v $$one >/dev/null 2>&1 && $$one -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; \
	then echo $$one; exit; fi; done; uv python find 3.10 2>/dev/null)

.PHONY: help run test check train lint lock screenshots clean
.DEFAULT_GOAL := help

help: ## 列出這些指令
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s'|'

run: $(READY) ## 安裝、準備資料庫與示範學員、必要時訓練，然後啟動（Ctrl-C 停止）
	@exec $(VENV)/bin/epark serve $(ARGS)

test: $(READY) ## 全部測試（瀏覽器、資料庫等服務不在時，會說明略過了什麼）
	@$(MAKE) --no-print-directory check
	@$(VENV)/bin/epark train --if-needed
	@# In the order of tests/conftest.py, which has the longest first.
	@$(PY) -m pytest tests -m "not unit" -n 2 --dist loadfile --no-loadscope-reorder -q -rs

check: $(READY) ## 一分鐘內的檢查：格式、型別、知識庫、單元測試（不訓練）
	@$(MAKE) --no-print-directory -j2 --output-sync check-static check-unit

.PHONY: check-static check-unit
check-static:
	@$(VENV)/bin/ruff format --check -q bot tests benchmarks
	@$(VENV)/bin/ruff check -q bot tests benchmarks
	@$(VENV)/bin/mypy bot
	@$(VENV)/bin/epark kb check

check-unit:
	@$(PY) -m pytest tests -m unit -n auto --dist loadfile -q -rs

lint: $(READY) ## 自動整理格式
	@$(VENV)/bin/ruff format bot tests benchmarks
	@$(VENV)/bin/ruff check --fix bot tests benchmarks

train: $(READY) ## 重新訓練模型
	@$(VENV)/bin/epark train

lock: $(READY) ## 依 pyproject.toml 重新鎖定相依套件
	@$(PY) -m pip install -q uv
	@$(VENV)/bin/uv pip compile pyproject.toml --all-extras --generate-hashes --python-version 3.10 --universal \
		--no-annotate --custom-compile-command "make lock" -o requirements.lock

screenshots: $(READY) ## 重拍 README 的圖（需要 Chromium）
	@$(PY) tests/browser/screenshots.py
	@$(PY) tests/console/pictures.py

clean: ## 移除安裝的環境、模型與資料庫
	rm -rf $(VENV) models var .rasa

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON310)" || { echo "需要 Python 3.10：請安裝 python3.10，或用 pyenv、uv 安裝 3.10。" >&2; exit 1; }
	@echo "建立 $(VENV)（$(PYTHON310)），下載並安裝套件，約需數分鐘 …"
	@test -x $(PY) || $(PYTHON310) -m venv $(VENV)
	@# The lock is complete and hashed: nothing is resolved again (see [tool.uv] in pyproject.toml).
	@$(PY) -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock 2>&1 \
		| sed -u -nE 's/^Collecting ([^ ]+).*/  下載 \1/p; s/^Installing .*/  安裝中 …/p; /^ *(ERROR|error)/p'; \
		exit $${PIPESTATUS[0]}
	@$(PY) -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@
