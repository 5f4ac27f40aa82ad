using System.Text.Json.Serialization;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>The records of a request as the source generator knows them; <see cref="RequestContract"/> says what is particular to them.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GenerationRequest))]
[JsonSerializable(typeof(ulong?))]
[JsonSerializable(typeof(StepWindow?))]
[JsonSerializable(typeof(PixelPoint?))]
[JsonSerializable(typeof(LayoutMode?))]
internal sealed partial class RequestContext : JsonSerializerContext;
