using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>Pages of lists.</summary>
internal static class Paging
{
    private const int Usual = 50;
    private const int Most = 200;

    public static Page Of(string? cursor, int? limit) => limit is null or (> 0 and <= Most)
        ? new(cursor, limit ?? Usual)
        : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "limit", $"{limit} is not between 1 and {Most}.");

    public static PageView<T> View<T>(IReadOnlyList<T> items, Page page, Func<T, string> id) => new(items, items.Count == page.Limit ? id(items[^1]) : null);
}
