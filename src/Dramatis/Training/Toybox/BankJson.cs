using System.Text.Json.Serialization;

namespace Dramatis.Training.Toybox;

internal sealed record BankRow(string Code, string Family, string Name, int Order, int Offset, int Length);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<BankRow>))]
internal sealed partial class BankJson : JsonSerializerContext;
