from setuptools import setup

setup()  # everything stands in setup.cfg; this file is here for the pip of Python 3.7
