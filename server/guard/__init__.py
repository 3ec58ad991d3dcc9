"""May this update enter this document?"""
