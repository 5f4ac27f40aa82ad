using System.Text;
using Dramatis.Files;
using Dramatis.Toybox;

namespace Dramatis.Benches.Faces;

/// <summary>The networks that find faces and tell whose they are, as paths of ONNX models; settings of each are in the JSON file of the same name.</summary>
/// <param name="Detector">Gives boxes of faces.</param>
/// <param name="Embedder">Gives numbers that are alike for faces of one person.</param>
/// <param name="Landmarks">Gives 68 points of a face, by which it is set upright; without, faces are taken as they are.</param>
internal sealed record FaceModels(string Detector, string Embedder, string? Landmarks = null)
{
    private static readonly NpmPackage Package = new("faceplugin-face-recognition-js", "0.0.1");

    // As its own programs feed them: of 255, the mean 127 and the deviation 128.
    private const string Pixels = """ "mean": [0.498039216, 0.498039216, 0.498039216], "deviation": [0.501960784, 0.501960784, 0.501960784] """;

    private static readonly (string Name, string Settings)[] Files =
    [
        ("fr_detect", $$"""{ "inputs": { "pixels": "input" }, "threshold": 0.65, "overlap": 0.4,{{Pixels}}}"""),
        ("fr_feature", $"{{{Pixels}}}"),
        ("fr_landmark", "{}"),
    ];

    /// <summary>Fetches three networks of a package (MIT) with the npm client, unless they are in the folder, and says there how they are fed.</summary>
    /// <exception cref="Errors.DramatisException">npm is missing or fails, or the folder cannot be written.</exception>
    public static FaceModels Fetch(string folder)
    {
        var wanted = Files.ToDictionary(file => $"package/model/{file.Name}.onnx", file => Path.Combine(folder, $"{file.Name}.onnx"));
        OutputFolder.Create(folder);
        if (!wanted.Values.All(File.Exists))
        {
            Package.Fetch(folder);
            Package.Read(folder, (name, bytes) =>
            {
                if (wanted.TryGetValue(name, out var path))
                {
                    AtomicFile.Write(path, stream => stream.Write(bytes()));
                }
            });
        }

        foreach (var (name, settings) in Files)
        {
            AtomicFile.Write(Path.Combine(folder, $"{name}.json"), stream => stream.Write(Encoding.UTF8.GetBytes(settings + "\n")));
        }

        return new(PathOf(0), PathOf(1), PathOf(2));

        string PathOf(int i) => Path.Combine(folder, $"{Files[i].Name}.onnx");
    }
}
