"""Lines of the audit log about conditional orders. Runs in the reactor's thread."""

from typing import Any, Final

from webctp.gateway.access.audit import ORDER_FIELDS, Act, AuditLog
from webctp.language.text import Text
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.table import ConditionalState

_NOTED: Final = frozenset(
    {
        ConditionalState.FIRED,
        ConditionalState.SENT,
        ConditionalState.DONE,
        ConditionalState.REFUSED,
        ConditionalState.EXPIRED,
    }
)
"""What comes of one by itself; who enters or cancels one is noted as a request."""


def note_request(
    audit: AuditLog | None, who: str, address: str, request: str, one: Conditional
) -> None:
    """Note that somebody has entered or cancelled one."""
    if audit is not None:
        audit.record(
            Act.CONDITIONAL,
            who,
            address,
            ":".join(one.account),
            Request=request,
            ConditionalID=one.conditional_id,
            Status=one.state.value,
        )


def note_outcome(audit: AuditLog | None, one: Conditional, reason: Text) -> None:
    """Note what has come of one: in the name of who has entered it, from where and when."""
    if audit is None or one.state not in _NOTED:
        return
    fields: dict[str, Any] = {"Entered": one.entered, "ClientOrderID": one.order_id}
    if one.fired >= 0:
        body = one.order_body
        fields.update((name, body[name]) for name in ORDER_FIELDS if name in body)
    if one.code:
        fields["ErrorID"] = one.code
    if reason:
        fields["Detail"] = reason.recorded()
    audit.record(
        Act.CONDITIONAL,
        one.token,
        one.address,
        ":".join(one.account),
        ConditionalID=one.conditional_id,
        Status=one.state.value,
        **{name: value for name, value in fields.items() if value != ""},
    )
