"""What setup.cfg can't say: the packages are found, and `surveys/` ships among them as `widget_server.survey_library`."""

from setuptools import find_namespace_packages, setup

setup(packages=[*find_namespace_packages(include=["widget_server", "widget_server.*"]), "widget_server.survey_library"])
