"""The demo accounts, named by role (D16). They have no password: `--demo` lets them in from this machine only."""

from server.access.roles import GlobalRole
from server.accounts.model import NewPerson
from server.auth.service import DEMO_DOMAIN
from server.ids import BodyCode


def _person(key: str, name: str, position: str, body: str, role: GlobalRole = GlobalRole.NONE) -> NewPerson:
    return NewPerson(email=f"{key}@{DEMO_DOMAIN}", name=name, position=position, body=BodyCode(body), role=role, demo=True)


PEOPLE = (
    _person("drafter-mvs", "Розробниця МВС", "Головна спеціалістка департаменту нормопроєктування", "mvs"),
    _person("drafter2-mvs", "Розробник МВС", "Провідний спеціаліст департаменту нормопроєктування", "mvs"),
    _person("drafter-minjust", "Співрозробник Мін'юсту", "Головний спеціаліст управління законодавства", "minjust"),
    _person("reviewer-minfin", "Рецензентка Мінфіну", "Заступниця начальника бюджетного управління", "minfin"),
    _person("reviewer-mineconomy", "Рецензент Мінекономіки", "Начальник відділу регуляторної політики", "mineconomy"),
    _person("signatory-minfin", "Підписувач Мінфіну", "Заступник Міністра", "minfin"),
    _person("signatory-mineconomy", "Підписувачка Мінекономіки", "Заступниця Міністра", "mineconomy"),
    _person("signatory-mindigital", "Підписувач Мінцифри", "Заступник Міністра", "mindigital"),
    _person("legal-minjust", "Юристка Мін'юсту", "Начальниця відділу правової експертизи", "minjust"),
    _person("body-admin-mvs", "Адміністратор МВС", "Адміністратор органу", "mvs", GlobalRole.BODY_ADMIN),
    _person("body-admin-minfin", "Адміністраторка Мінфіну", "Адміністраторка органу", "minfin", GlobalRole.BODY_ADMIN),
    _person("body-admin-mineconomy", "Адміністратор Мінекономіки", "Адміністратор органу", "mineconomy", GlobalRole.BODY_ADMIN),
    _person("body-admin-mindigital", "Адміністраторка Мінцифри", "Адміністраторка органу", "mindigital", GlobalRole.BODY_ADMIN),
    _person("body-admin-minjust", "Адміністратор Мін'юсту", "Адміністратор органу", "minjust", GlobalRole.BODY_ADMIN),
    _person("admin", "Адміністраторка системи", "Адміністраторка", "skmu", GlobalRole.ADMIN),
    _person("auditor", "Аудитор", "Аудитор", "skmu", GlobalRole.AUDITOR),
)


def key_of(email: str) -> str:
    """The key of a demo account by its e-mail."""
    return email.removesuffix(f"@{DEMO_DOMAIN}")
