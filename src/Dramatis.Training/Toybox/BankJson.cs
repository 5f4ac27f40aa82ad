using System.Text.Json.Serialization;

namespace Dramatis.Toybox;

/// <param name="HeldOut">Follows from the family; written for readers, and checked.</param>
internal sealed record BankRow(string Code, string Family, string Name, int Order, int Offset, int Length, bool? HeldOut = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<BankRow>))]
internal sealed partial class BankJson : JsonSerializerContext;
