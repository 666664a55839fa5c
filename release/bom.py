"""The bill of materials of a release: CycloneDX 1.6, the same bytes for the same lock."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from release.depends import PLAIN, Needed
from release.licences import NOT_LOCKED, licence_of

SPACE = uuid.UUID("6f1a7a3c-8c0e-5d1b-9b51-2f2a5d0c7e11")  # of serial numbers; any constant serves


def bill(packages: Sequence[Needed], version: str, made: datetime) -> str:
    """The bill as JSON: cxtext, every package with version, licence and address, and which needs which.

    Args:
        packages: from `release.depends.needed`.
        version: of cxtext.
        made: the moment of the commit that is released; no other clock is looked at.
    """
    product = Component(
        name="cxtext", version=version, type=ComponentType.APPLICATION, bom_ref=f"cxtext@{version}",
        purl=PackageURL("pypi", "", "cxtext", version), licenses=[LicenseExpression("Apache-2.0")],
    )  # fmt: skip
    parts = {package.name: _part(package) for package in packages}
    own = [parts[package.name].bom_ref for package in packages]
    links = [Dependency(product.bom_ref, [Dependency(ref) for ref in own])]
    for package in packages:
        needs = [Dependency(parts[name].bom_ref) for name in package.needs if name in parts]
        links.append(Dependency(parts[package.name].bom_ref, needs))
    names = " ".join(str(part.bom_ref) for part in parts.values())
    bom = Bom(components=parts.values(), dependencies=links, serial_number=uuid.uuid5(SPACE, f"{version} {names}"))
    bom.metadata.component = product
    bom.metadata.timestamp = made
    told = json.loads(JsonV1Dot6(bom).output_as_string())
    return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _part(package: Needed) -> Component:
    version = package.found.version if package.found else None
    licence = licence_of(package.name, package.found.metadata) if package.found else NOT_LOCKED[package.name]
    extras = [Property(name="cxtext:extra", value=extra) for extra in sorted(package.extras - {PLAIN})]
    return Component(
        name=package.name, version=version, type=ComponentType.LIBRARY, bom_ref=f"{package.name}@{version or 'any'}",
        purl=PackageURL("pypi", "", package.name, version), licenses=[LicenseExpression(licence)],
        scope=ComponentScope.REQUIRED if PLAIN in package.extras else ComponentScope.OPTIONAL, properties=extras,
    )  # fmt: skip
