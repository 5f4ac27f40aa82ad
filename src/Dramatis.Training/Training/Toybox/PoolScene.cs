using System.Text.Json.Serialization;
using Dramatis.Toybox;

namespace Dramatis.Training.Toybox;

/// <summary>What a pool remembers of a scene besides its latents.</summary>
/// <param name="Background">The kind of ground, an index of <see cref="Backgrounds.Kinds"/>.</param>
/// <param name="Parts">The subjects, from back to front.</param>
internal sealed record PoolScene(int Background, IReadOnlyList<ScenePart> Parts);

/// <summary>What a pool was made of: with the same values it need not be made again.</summary>
/// <param name="Seed">Of the scene makers.</param>
/// <param name="Scenes">Scenes of any subjects.</param>
/// <param name="NamedScenes">Scenes of few large subjects with common names, after the others.</param>
/// <param name="Encoder">Fingerprint of the autoencoder's weights.</param>
/// <param name="Side">Pixels of a scene, square.</param>
/// <param name="Style">How scenes look.</param>
internal sealed record PoolRecipe(
    ulong Seed, int Scenes, int NamedScenes, string Encoder, int Side = SceneMaker.Side, SceneStyle Style = SceneStyle.Plain)
{
    public int Count => Scenes + NamedScenes;
}

internal sealed record PoolIndex(PoolRecipe Recipe, IReadOnlyList<long> Shape, IReadOnlyList<PoolScene> Scenes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PoolIndex))]
internal sealed partial class PoolJson : JsonSerializerContext;
