"""Builds nothing: hands over the wheel that lies beside it, after as long as it was told, or fails."""

import json
import pathlib
import shutil
import time
import zipfile

HERE = pathlib.Path(__file__).parent
ORDER = json.loads((HERE / "order.json").read_text())


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    with zipfile.ZipFile(HERE / ORDER["wheel"]) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" in name]
        wheel.extractall(metadata_directory, names)
    return names[0].split("/")[0]


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    for second in range(ORDER["seconds"]):
        print(f"compiling part {second + 1} of {ORDER['seconds']}", flush=True)
        time.sleep(1)
    if ORDER["failure"] is not None:
        raise RuntimeError(ORDER["failure"])
    shutil.copy(HERE / ORDER["wheel"], wheel_directory)
    return ORDER["wheel"]
