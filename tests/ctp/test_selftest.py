"""The layout's self-test: all is well with the loaded binding, and a wrong layout is told."""

from dataclasses import replace
from itertools import islice, pairwise
from types import ModuleType

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, selftest
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import Codec, FieldLayout, Layout, LayoutError, codec_for

ORDER = "CThostFtdcInputOrderField"


class WrongCodec(Codec):
    """A codec that knows the layout of one struct wrongly."""

    def __init__(self, catalogue: Catalogue, fields: tuple[FieldLayout, ...]) -> None:
        super().__init__(catalogue.module)
        probed, wrong = self.layout, Layout(getattr(catalogue.module, ORDER), fields)
        self.layout = lambda name: wrong if name == ORDER else probed(name)


class UnreadableCodec(Codec):
    """A codec whose probe fails for one struct."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module)
        self._probed = self.layout
        self.layout = self._read

    def _read(self, struct_name: str) -> Layout:
        if struct_name == ORDER:
            raise LayoutError(f"{ORDER}.Direction overlaps its neighbour")
        return self._probed(struct_name)


class SelfTests(SynchronousTestCase):
    """Both modules of the loaded binding."""

    def test_every_field_of_every_struct_agrees(self) -> None:
        for catalogue in (catalog.trading(), catalog.market_data()):
            report = selftest.run(catalogue, codec_for(catalogue.module))
            self.assertEqual(report.faults, ())
            self.assertEqual(report.structs, len(catalogue.struct_names))
            fields = sum(len(catalogue.struct(name).fields) for name in catalogue.struct_names)
            self.assertEqual(report.fields, fields)
            self.assertGreater(report.fields, report.structs)


class FaultTests(SynchronousTestCase):
    """A layout with one mistake in it."""

    def setUp(self) -> None:
        self.catalogue = catalog.trading()
        self.fields = codec_for(self.catalogue.module).layout(ORDER).fields

    def faults(self, **wrong: FieldLayout) -> set[str]:
        """Return the names of the fields that disagree when ``wrong`` stand for the true ones."""
        fields = tuple(wrong.get(field.name, field) for field in self.fields)
        report = selftest.run(self.catalogue, WrongCodec(self.catalogue, fields))
        for fault in report.faults:
            self.assertTrue(fault.startswith(f"{ORDER}."), fault)
        return {fault.split(":")[0].removeprefix(f"{ORDER}.") for fault in report.faults}

    def field(self, name: str) -> FieldLayout:
        return next(field for field in self.fields if field.name == name)

    def test_two_fields_in_each_others_place(self) -> None:
        first, second = islice((field for field in self.fields if field.kind == "int32"), 2)
        exchanged = {
            first.name: replace(second, name=first.name),
            second.name: replace(first, name=second.name),
        }
        # The format reads in the order of the memory, so the whole layout is put in order.
        fields = sorted(
            (exchanged.get(field.name, field) for field in self.fields),
            key=lambda field: field.offset,
        )
        report = selftest.run(self.catalogue, WrongCodec(self.catalogue, tuple(fields)))
        names = {fault.split(":")[0].rpartition(".")[2] for fault in report.faults}
        self.assertEqual(names, {first.name, second.name})

    def test_a_field_too_short(self) -> None:
        field = self.field("InstrumentID")
        self.assertEqual(
            self.faults(InstrumentID=replace(field, size=field.size - 1)), {"InstrumentID"}
        )

    def test_a_field_too_long(self) -> None:
        # One with padding after it: an overlap would be refused by the probe.
        field = next(
            field
            for field, after in pairwise(self.fields)
            if field.kind == "text" and field.offset + field.size < after.offset
        )
        wrong = {field.name: replace(field, size=field.size + 1)}
        self.assertEqual(self.faults(**wrong), {field.name})

    def test_a_number_of_another_kind(self) -> None:
        field = self.field("VolumeTotalOriginal")
        self.assertEqual(
            self.faults(VolumeTotalOriginal=replace(field, size=2, kind="int16")),
            {"VolumeTotalOriginal"},
        )

    def test_a_field_that_is_missing(self) -> None:
        fields = tuple(field for field in self.fields if field.name != "LimitPrice")
        report = selftest.run(self.catalogue, WrongCodec(self.catalogue, fields))
        self.assertEqual(
            report.faults, (f"{ORDER}.LimitPrice: is not in both catalogue and layout",)
        )

    def test_a_struct_that_cannot_be_probed(self) -> None:
        report = selftest.run(self.catalogue, UnreadableCodec(self.catalogue.module))
        self.assertEqual(report.faults, (f"{ORDER}.Direction overlaps its neighbour",))
