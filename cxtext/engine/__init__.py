"""Where work is done: in this process, in processes of this machine, or wherever another engine takes it.

An engine is one file: a class with the method of `cxtext.engine.job.Engine`, and one line in the table below. Nothing
else knows how many workers there are, and no result depends on it.
"""

from cxtext.registry import Registry

ENGINES = Registry(
    "engine",
    {
        "serial": "cxtext.engine.serial:Serial",
        "local": "cxtext.engine.local:Local",
        "dask": "cxtext.engine.dask:Dask",
    },
)
