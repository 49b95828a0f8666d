# The distribution's standalone Asio under ConanCenter's name and target.
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration


def installed():
    path = "/usr/include/asio/version.hpp"
    if not os.path.isfile(path):
        raise ConanInvalidConfiguration(f"{path} is missing: install libasio-dev")
    n = int(re.search(r"#define ASIO_VERSION (\d+)", open(path, encoding="utf-8").read()).group(1))
    return f"{n // 100000}.{n // 100 % 1000}.{n % 100}"


class SystemAsio(ConanFile):
    name = "asio"
    settings = "os"
    build_policy = "missing"
    upload_policy = "skip"

    def set_version(self):
        self.version = installed()

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "asio")
        self.cpp_info.set_property("cmake_target_name", "asio::asio")
        self.cpp_info.includedirs = self.cpp_info.libdirs = self.cpp_info.bindirs = []
        self.cpp_info.defines = ["ASIO_STANDALONE"]
        if self.settings.get_safe("os") in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
