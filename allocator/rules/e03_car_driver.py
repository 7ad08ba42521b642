"""E03: a car-driver-essential offer needs a student who drives, or driving that the offer covers."""

from allocator.terms.view import Mask, PairView
from models.entities import DRIVING_COVERED, Offer, Request

RULE = "E03"


def excludes(view: PairView) -> Mask:
    """Car-driver-essential offers for students who do not drive; "not known" is never "no"."""
    student = view.terms.student

    def cannot_drive(request: Request, offer: Offer) -> bool:
        covered = DRIVING_COVERED in student(request).adjustments and DRIVING_COVERED in offer.features
        return offer.driver_essential == "yes" and student(request).drives == "no" and not covered

    return view.table(
        lambda r: (student(r).drives, DRIVING_COVERED in student(r).adjustments),
        lambda o: (o.driver_essential, DRIVING_COVERED in o.features),
        cannot_drive,
    )
