"""SVG and Mermaid of a graph: complete, safe, the same each time."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from cost import platform_graph as make
from diagram.diagrams import diagrams
from hypothesis import given, settings
from hypothesis import strategies as st

from modelkeel import diagram
from modelkeel.diagram import flowchart, vector
from modelkeel.diagram.glyphs import GLYPHS
from modelkeel.diagram.model import Diagram
from modelkeel.diagram.text import fit, width
from modelkeel.graph import Graph
from modelkeel.tables.kind import FAMILIES, kinds

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script>"]; end\n click n1 "javascript:alert(1)" & \x00 \u202e ]]>'


def drawn() -> Diagram:
    return diagram.draw(make.platform())


def hostile() -> Graph:
    stack = make.stack(
        "data",
        make.resource("data", "aws:s3/bucket:Bucket", HOSTILE, {"bucket": HOSTILE}),
        make.resource("data", "aws:kinesis/stream:Stream", "events"),
    )
    return replace(make.graph(stack), project=HOSTILE)


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert diagram.svg(make.platform()) == diagram.svg(make.platform())
    assert diagram.mermaid(make.platform()) == diagram.mermaid(make.platform())


def test_svg_names_every_program_and_box() -> None:
    texts = {element.text for element in ElementTree.fromstring(diagram.svg(make.platform())).iter(f"{SVG}text")}

    assert {band.title for band in drawn().bands} <= texts
    assert {box.title for box in drawn().boxes} <= texts


def test_mermaid_has_the_same_boxes_and_arrows_as_the_svg() -> None:
    text = diagram.mermaid(make.platform())

    assert re.findall(r"^\s+(n\d+)\[", text, re.M) == [box.id for box in by_band()]
    assert re.findall(r"^\s+(n\d+) --> (n\d+)$", text, re.M) == [
        (arrow.source, arrow.target) for arrow in drawn().arrows
    ]


def by_band() -> list:  # type: ignore[type-arg]
    order = [band.id for band in drawn().bands]
    return sorted(drawn().boxes, key=lambda box: order.index(box.band))


def test_a_screen_reader_is_told_what_the_picture_shows() -> None:
    root = ElementTree.fromstring(diagram.svg(make.platform()))

    assert root.get("role") == "img"
    assert {root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")} == set(  # type: ignore[union-attr]
        root.get("aria-labelledby", "").split()
    )
    assert "34 AWS resources" in (root.findtext(f"{SVG}desc") or "")


def test_the_picture_takes_nothing_from_outside() -> None:
    text = diagram.svg(make.platform()).replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"https?:|url\((?!#)|@import|<script|<image|href", text)


def test_light_and_dark_have_a_colour_for_each_family() -> None:
    text = diagram.svg(make.platform())
    light, dark = text.split("prefers-color-scheme:dark", 1)

    for family in FAMILIES:
        assert f"--mkd-{family}:" in light
        assert f"--mkd-{family}:" in dark


def test_a_hostile_name_stays_text_in_svg() -> None:
    root = ElementTree.fromstring(diagram.svg(hostile()))

    assert [element.tag for element in root.iter() if element.tag.endswith("script")] == []
    assert any("<script>" in (element.text or "") for element in root.iter(f"{SVG}title"))


def test_a_hostile_name_stays_one_label_in_mermaid() -> None:
    lines = diagram.mermaid(hostile()).splitlines()

    assert [line for line in lines if line.strip().startswith("click")] == []
    assert not any("<script" in line or '"]; end' in line for line in lines)
    assert [line for line in lines if re.fullmatch(r"\s*end", line)] == ["  end"]


@settings(max_examples=60, deadline=None)
@given(diagrams())
def test_any_diagram_is_well_formed(random: Diagram) -> None:
    """Whatever the names are, the SVG parses, and each line of the Mermaid text is of a known kind."""
    ElementTree.fromstring(vector.render(random))
    known = re.compile(
        r'flowchart TB|  acc(Title|Descr): .*|\s+subgraph b\d+n?\[".*"\]|\s+end|\s+n\d+\[\(?".*"\)?\]|  n\d+ --> n\d+'
    )
    assert [line for line in flowchart.render(random).splitlines() if not known.fullmatch(line)] == []


def test_a_network_stands_inside_its_program() -> None:
    (network,) = [band for band in drawn().bands if band.parent]

    assert network.subtitle == "10.20.0.0/16"
    assert {box.label for box in drawn().boxes if box.band == network.id} == {
        "Private endpoint",
        "Subnet",
        "Flow log",
    }


@pytest.mark.parametrize(("count", "titles"), [(3, ["a", "b", "c"]), (4, ["4 buckets"])])
def test_many_boxes_of_a_kind_become_one(count: int, titles: list[str]) -> None:
    buckets = [make.resource("data", "aws:s3/bucket:Bucket", name) for name in "abcd"[:count]]

    assert [box.title for box in diagram.draw(make.graph(make.stack("data", *buckets))).boxes] == titles


def test_resources_of_a_kind_in_one_component_are_one_box() -> None:
    endpoints = [box for box in drawn().boxes if box.label == "Private endpoint"]

    assert [(box.title, len(box.names)) for box in endpoints] == [("5 private endpoints", 5)]


def test_a_component_is_one_box_named_by_what_matters_most() -> None:
    """The bucket stands for its component; versioning and public access block are behind it."""
    (raw,) = [box for box in drawn().boxes if box.label == "Bucket"]

    assert (raw.title, len(raw.urns)) == ("raw", 3)


def test_what_waits_for_a_model_is_drawn_as_a_plan() -> None:
    """Before the first approval the picture shows where the endpoint will stand."""
    stack = make.stack("serving", exports={"planned_endpoint": '{"min_capacity": 2}', "planned_transform": ""})
    made = diagram.draw(make.graph(stack))

    assert [(box.title, box.planned) for box in made.boxes] == [("endpoint", True)]
    assert 'class="mkd-box mkd-compute mkd-planned"' in diagram.svg(make.graph(stack))
    assert "waits for a model" in diagram.mermaid(make.graph(stack))


def test_roles_are_drawn_only_where_a_program_has_nothing_else() -> None:
    roles = make.stack("identity", *(make.resource("identity", "aws:iam/role:Role", name) for name in "ab"))

    assert "Role" not in {box.label for box in drawn().boxes}
    assert [box.label for box in diagram.draw(make.graph(roles)).boxes] == ["Role", "Role"]


def test_a_name_used_by_another_program_is_an_arrow() -> None:
    arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/events"
    stream = make.stack("data", make.resource("data", "aws:kinesis/stream:Stream", "events", outputs={"arn": arn}))
    reader = make.stack("serving", make.resource("serving", "aws:lambda/function:Function", "reader", {"source": arn}))

    assert [(a.source, a.target) for a in diagram.draw(make.graph(stream, reader)).arrows] == [("n0", "n1")]


def test_an_arrow_never_leads_to_an_earlier_program() -> None:
    arn = "arn:aws:s3:::fraud-prod-raw"
    trail = make.stack("account", make.resource("account", "aws:cloudtrail/trail:Trail", "audit", {"watched": arn}))
    raw = make.stack("data", make.resource("data", "aws:s3/bucket:Bucket", "raw", outputs={"arn": arn}))

    assert diagram.draw(make.graph(trail, raw)).arrows == ()


def test_a_longer_way_makes_the_short_arrow_superfluous() -> None:
    one = make.resource("data", "aws:s3/bucket:Bucket", "one")
    two = make.resource("data", "aws:kinesis/stream:Stream", "two", on=[one.urn])
    three = make.resource("data", "aws:dynamodb/table:Table", "three", on=[one.urn, two.urn])
    made = diagram.draw(make.graph(make.stack("data", one, two, three)))
    title = {box.id: box.title for box in made.boxes}

    assert {(title[a.source], title[a.target]) for a in made.arrows} == {("one", "two"), ("two", "three")}


def test_a_key_that_everything_uses_says_so_instead_of_drawing_arrows() -> None:
    key = make.resource("data", "aws:kms/key:Key", "data")
    users = [
        make.resource("data", kind, kind[-4:], on=[key.urn])
        for kind in (
            "aws:s3/bucket:Bucket",
            "aws:kinesis/stream:Stream",
            "aws:dynamodb/table:Table",
            "aws:ecr/repository:Repository",
        )
    ]
    made = diagram.draw(make.graph(make.stack("data", key, *users)))

    assert made.arrows == ()
    assert [box.used_by for box in made.boxes if box.label == "Key"] == [4]


def test_boxes_that_use_each_other_keep_one_arrow() -> None:
    one = make.resource("data", "aws:s3/bucket:Bucket", "one", on=[make.urn("data", "aws:dynamodb/table:Table", "two")])
    two = make.resource("data", "aws:dynamodb/table:Table", "two", on=[one.urn])

    assert len(diagram.draw(make.graph(make.stack("data", one, two))).arrows) == 1


def test_an_empty_graph_is_a_picture_too() -> None:
    for graph in (make.graph(), make.graph(make.stack("data"))):
        assert ElementTree.fromstring(diagram.svg(graph)).tag.endswith("svg")


def test_every_family_has_a_shape_and_every_kind_a_family() -> None:
    assert set(GLYPHS) == set(FAMILIES)
    assert {kind.family for kind in kinds().values()} <= set(FAMILIES)


@given(st.text(max_size=40), st.integers(12, 300))
def test_text_is_cut_to_its_box(text: str, limit: int) -> None:
    cut = fit(text, limit, 12)

    assert width(cut, 12) <= limit
    assert cut.endswith("…") or len(cut) == len(text)
