"""What is wrong with a Redis, said at the start: an address that can never work is an error, one that does not answer now is not (P7)."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, InvalidResponse, NoPermissionError, RedisError, ResponseError

from server.errors import ConfigurationError

_TIMEOUT_S = 3.0
_KEEPS_EVERYTHING = "noeviction"


async def examine(url: str) -> list[str]:
    """Warnings for the operator, a sentence each. Raises ConfigurationError when this address or password can never work."""
    where = _without_password(url)
    try:
        redis = Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=_TIMEOUT_S, socket_timeout=_TIMEOUT_S)
    except ValueError as error:
        raise ConfigurationError(f"ZLAHODA_REDIS_URL: {error}; write redis://host:port/0 or rediss://…") from None
    try:
        await redis.execute_command("PING")  # type: ignore[no-untyped-call]  # redis-py has no types for it
        return await _policy(redis, where)
    except (AuthenticationError, NoPermissionError) as error:
        raise ConfigurationError(f"Redis at {where} refuses us: {error}; write redis://user:password@host:port/0") from None
    except InvalidResponse:
        raise ConfigurationError(f"what answers at {where} is no Redis; check ZLAHODA_REDIS_URL") from None
    except ResponseError as error:
        raise ConfigurationError(f"Redis at {where} cannot be used: {error}") from None
    except (RedisError, OSError, TimeoutError) as error:
        return [
            f"Redis at {where} does not answer ({_first_line(error)}). The server runs without it: nodes follow each other by the "
            "journal, slower. Check ZLAHODA_REDIS_URL and that Redis runs."
        ]
    finally:
        await redis.aclose()


async def _policy(redis: Redis, where: str) -> list[str]:
    """What Redis says of eviction; a managed one may not tell."""
    try:
        found = (await redis.config_get("maxmemory-policy")).get("maxmemory-policy", _KEEPS_EVERYTHING)
    except ResponseError:
        return []
    if found == _KEEPS_EVERYTHING:
        return []
    return [
        f"Redis at {where} evicts keys when its memory is full (maxmemory-policy {found}). Zlahoda keeps nothing there and loses nothing, "
        "but such a Redis is shared with something that fills it: give Zlahoda one of its own, with maxmemory-policy noeviction."
    ]


def _without_password(url: str) -> str:
    """The address as it may be shown and logged."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__
