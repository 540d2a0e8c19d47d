"""XML and HTML of strangers, parsed without fetching, without entities of their own, and not too deep."""

from typing import TypeAlias

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from apps.documents.extraction.results import Refused

Element: TypeAlias = etree._Element


def parsed_xml(content: bytes) -> Element:
    """The root. Raises: Refused, when it is not well formed or is nested too deeply."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("broken") from error
    if root.getroottree().docinfo.internalDTD is not None and root.getroottree().docinfo.internalDTD.entities():
        raise Refused("broken")  # no program writes entities of its own into these formats
    return root


def local_name(element: Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The value of an attribute by its local name; empty when there is none."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), "")
