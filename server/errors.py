"""The whole error tree: a stable code, an HTTP status, a WebSocket close code, a sentence in both languages.

Answers are made from it in exactly two places: `http/errors.py` (problem+json, RFC 9457) and `rooms/socket.py`
(close codes; 4400-4499 tell a y-websocket client to stop, 4500 and above to try again).
"""


class ZlahodaError(Exception):
    """A failure a person can be told about. Subclasses fix code, status and sentences.

    `uk=` and `en=` given together say more than the class's own sentences; what else is given goes into the answer as it
    is. `detail` is for logs and the command line.
    """

    code = "internal"
    status = 500
    close_code = 1011
    uk = "Сталася внутрішня помилка. Спробуйте ще раз."
    en = "Something went wrong on the server. Please try again."

    def __init__(self, detail: str = "", **extra: object) -> None:
        super().__init__(detail or str(extra.get("en", self.en)))
        self.detail = detail
        self.extra = extra

    def sentence(self, locale: str) -> str:
        """What a person is told, in Ukrainian (`uk`) or English (`en`)."""
        language = "en" if locale == "en" else "uk"
        return str(self.extra.get(language, getattr(self, language)))


class ConfigurationError(ZlahodaError):
    """A setting or a file of settings is wrong; the command line prints it and exits with 2."""

    code = "configuration"


class BadRequest(ZlahodaError):
    """The request cannot be understood; `detail` says which part."""

    code, status, close_code = "bad-request", 400, 4400
    uk, en = "Запит складено неправильно.", "The request is not well-formed."


class InvalidInput(BadRequest):
    """A field has a value that cannot be accepted; `extra["fields"]` maps field to reason."""

    code, status = "invalid-input", 422
    uk, en = "Перевірте введені дані.", "Please check what you entered."


class NotSignedIn(ZlahodaError):
    """No valid session, token or ticket."""

    code, status, close_code = "not-signed-in", 401, 4401
    uk, en = "Увійдіть, щоб продовжити.", "Sign in to continue."


class Forbidden(ZlahodaError):
    """The actor's roles do not allow the action."""

    code, status, close_code = "forbidden", 403, 4403
    uk, en = "У вас немає права на цю дію.", "You have no right to do this."


class PasswordChangeNeeded(Forbidden):
    """The actor signed in with a temporary password and must choose their own first."""

    code, close_code = "password-change-needed", 4403
    uk, en = "Спочатку змініть тимчасовий пароль.", "Change the temporary password first."


class CrossSite(Forbidden):
    """A request that changes something came by cookie but not from our own pages."""

    code = "cross-site"
    uk, en = (
        "Запит надійшов не зі сторінки Злагоди, тому його відхилено.",
        "The request did not come from a page of Zlahoda and was refused.",
    )


class NotFound(ZlahodaError):
    """No such thing, or the actor may not know that there is."""

    code, status, close_code = "not-found", 404, 4404
    uk, en = "Такого немає або доступ до нього закрито.", "There is no such thing, or you have no access to it."


class MethodNotAllowed(ZlahodaError):
    """The address exists, but not for this method."""

    code, status = "method-not-allowed", 405
    uk, en = "Ця адреса не підтримує такого запиту.", "This address does not support such a request."


class Conflict(ZlahodaError):
    """The state has moved since the actor looked."""

    code, status, close_code = "conflict", 409, 4409
    uk, en = "Стан змінився. Оновіть сторінку і спробуйте ще раз.", "The state has changed. Reload and try again."


class EpochMismatch(Conflict):
    """The client's copy belongs to a history that was replaced; it must set its copy aside (P9)."""

    code, close_code = "epoch-mismatch", 4410
    uk, en = (
        "Текст відновлено з копії. Ваші незбережені зміни відкладено окремо.",
        "The text was restored. Your unsaved changes were set aside.",
    )


class TooLarge(ZlahodaError):
    """More bytes than the limit; nothing was stored."""

    code, status, close_code = "too-large", 413, 4413
    uk, en = "Завеликий обсяг даних.", "This is too large."


class UnsupportedType(ZlahodaError):
    """The file is not what its name says, or of a kind that is not read."""

    code, status = "unsupported-type", 415
    uk, en = "Цей формат файлу не підтримується.", "This file format is not supported."


class TooManyRequests(ZlahodaError):
    """A rate limit; `extra["retry_after_s"]` says when to try again."""

    code, status, close_code = "too-many-requests", 429, 4529
    uk, en = "Забагато спроб. Зачекайте й повторіть.", "Too many attempts. Wait and try again."


class Unavailable(ZlahodaError):
    """A service the server stands on (disk, database) does not answer; safe to try again."""

    code, status, close_code = "unavailable", 503, 1013
    uk, en = (
        "Збереження тимчасово недоступне. Ваші зміни лишаються у вас.",
        "Saving is unavailable for the moment. Your changes stay with you.",
    )


class Damaged(ZlahodaError):
    """Stored bytes are not what was written; nothing is guessed, the operator is told (`zlahoda verify`)."""

    code, status, close_code = "damaged", 500, 4500
    uk, en = "Збережені дані пошкоджено. Адміністратора сповіщено.", "Stored data is damaged. The operator has been told."


class ReloadNeeded(ZlahodaError):
    """The client's bundle is older than the document's schema (D10)."""

    code, status, close_code = "reload-needed", 426, 4426
    uk, en = "Оновіть сторінку: з'явилася нова версія програми.", "Reload the page: there is a new version."
