"""One program in two environments: do its losses stay together?"""
