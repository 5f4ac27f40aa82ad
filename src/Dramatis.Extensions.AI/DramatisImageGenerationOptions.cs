using Dramatis.Requests;
using Microsoft.Extensions.AI;

namespace Dramatis.Extensions.AI;

/// <summary>What <see cref="ImageGenerationOptions"/> have no words for.</summary>
public static class DramatisImageGenerationOptions
{
    internal const string Key = "dramatis";

    /// <summary>Changes the request that is painted, in all its fields: <c>options.WithDramatis(request => request with { Steps = 20 })</c>.</summary>
    /// <param name="change">From what the other options say. Changes of several calls follow each other.</param>
    /// <returns>The same options.</returns>
    public static ImageGenerationOptions WithDramatis(this ImageGenerationOptions options, Func<GenerationRequest, GenerationRequest> change)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(change);
        var before = options.AdditionalProperties?.GetValueOrDefault(Key) as Func<GenerationRequest, GenerationRequest>;
        options.AdditionalProperties = new(options.AdditionalProperties ?? [])
        {
            [Key] = before is null ? change : request => change(before(request)),
        };
        return options;
    }
}
