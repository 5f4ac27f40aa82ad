using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Configs;

/// <summary>Values of an enum as JSON has them: <c>in_small_letters</c>, never as numbers.</summary>
internal sealed class EnumNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
