# The distribution's OpenSSL under ConanCenter's name and targets.
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration


def installed():
    path = "/usr/include/openssl/opensslv.h"
    if not os.path.isfile(path):
        raise ConanInvalidConfiguration(f"{path} is missing: install libssl-dev")
    text = open(path, encoding="utf-8").read()
    return ".".join(re.search(rf"#\s*define OPENSSL_VERSION_{part}\s+(\d+)", text).group(1) for part in ("MAJOR", "MINOR", "PATCH"))


class SystemOpenSSL(ConanFile):
    name = "openssl"
    build_policy = "missing"
    upload_policy = "skip"

    def set_version(self):
        self.version = installed()

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "OpenSSL")
        self.cpp_info.includedirs = self.cpp_info.libdirs = self.cpp_info.bindirs = []
        crypto = self.cpp_info.components["crypto"]
        crypto.set_property("cmake_target_name", "OpenSSL::Crypto")
        crypto.includedirs = crypto.libdirs = crypto.bindirs = []
        crypto.system_libs = ["crypto"]
        ssl = self.cpp_info.components["ssl"]
        ssl.set_property("cmake_target_name", "OpenSSL::SSL")
        ssl.includedirs = ssl.libdirs = ssl.bindirs = []
        ssl.requires = ["crypto"]
        ssl.system_libs = ["ssl"]
