"""IPTC fields as the XMP properties that mean the same, for formats without a place for IPTC.

Mapping: IPTC Photo Metadata Standard 2023.1, and the Metadata Working Group's guidelines.
"""

from typing import Any

_TEXTS = {
    "ObjectName": "Xmp.dc.title",
    "Caption": "Xmp.dc.description",
    "Copyright": "Xmp.dc.rights",
}
_LISTS = {
    "Keywords": "Xmp.dc.subject",
    "Byline": "Xmp.dc.creator",
    "SuppCategory": "Xmp.photoshop.SupplementalCategories",
}
_PLAIN = {
    "Headline": "Xmp.photoshop.Headline",
    "Credit": "Xmp.photoshop.Credit",
    "Source": "Xmp.photoshop.Source",
    "SpecialInstructions": "Xmp.photoshop.Instructions",
    "TransmissionReference": "Xmp.photoshop.TransmissionReference",
    "BylineTitle": "Xmp.photoshop.AuthorsPosition",
    "Writer": "Xmp.photoshop.CaptionWriter",
    "City": "Xmp.photoshop.City",
    "ProvinceState": "Xmp.photoshop.State",
    "CountryName": "Xmp.photoshop.Country",
    "CountryCode": "Xmp.iptc.CountryCode",
    "SubLocation": "Xmp.iptc.Location",
    "Category": "Xmp.photoshop.Category",
    "Urgency": "Xmp.photoshop.Urgency",
    "DateCreated": "Xmp.photoshop.DateCreated",
}


def add(iptc: Any, xmp: Any) -> None:  # noqa: ANN401
    """Add the fields of ``iptc`` (Exiv2's IptcData) to ``xmp`` (XmpData); what XMP already says stays."""
    already = {datum.key() for datum in xmp}
    found: dict[str, list[str]] = {}
    for datum in iptc:
        found.setdefault(datum.tagName(), []).append(datum.toString())
    for name, texts in found.items():
        if name in _TEXTS and _TEXTS[name] not in already:
            xmp[_TEXTS[name]] = f"lang=x-default {texts[0]}"
        elif name in _PLAIN and _PLAIN[name] not in already:
            xmp[_PLAIN[name]] = texts[0]
        elif name in _LISTS and _LISTS[name] not in already:
            _set_list(xmp, _LISTS[name], texts)


def _set_list(xmp: Any, key: str, texts: list[str]) -> None:  # noqa: ANN401
    import exiv2

    kind = exiv2.TypeId.xmpSeq if key == "Xmp.dc.creator" else exiv2.TypeId.xmpBag
    array = exiv2.XmpArrayValue(kind)
    for text in texts:
        array.read(text)
    xmp[key] = array
