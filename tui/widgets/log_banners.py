"""What stands above every log, whatever its screen, if there is something wrong with the database behind it."""

from zoneinfo import ZoneInfo

from tui.widgets.banner import Banner
from tui.widgets.proof_banner import ProofBanner
from tui.widgets.writing_banner import WritingBanner


def log_banners(zone: ZoneInfo) -> tuple[Banner, ...]:
    """The rows, none of which is there as long as all is well."""
    return WritingBanner(zone), ProofBanner(zone)
