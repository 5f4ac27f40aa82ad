using System.Text.RegularExpressions;

namespace Dramatis.Tests.Tensors;

/// <summary>Beside <see cref="Pipelines.DefaultDeviceTests"/>, which finds tensors on the wrong device where they are used: the lines that name none.</summary>
public sealed partial class DeviceArgumentTests
{
    private static readonly string[] Devices = ["device", "Device", "CPU", "compute.", "Compute."];

    [Fact]
    public void Whoever_makes_a_tensor_says_where()
    {
        var source = Repository.PathOf("src", "Dramatis");
        var wrong = from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
                    let text = File.ReadAllText(file)
                    from Match call in Factory().Matches(text)
                    let arguments = Arguments(text, call.Index + call.Length)
                    where !Devices.Any(name => arguments.Contains(name, StringComparison.Ordinal))
                    select $"{Path.GetRelativePath(source, file)}: {call.Value}{arguments}";

        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"(?<![\w.]|new )(zeros|ones|full|tensor|arange|rand|randn|randint|empty|eye|linspace|logspace|pow)\(")]
    private static partial Regex Factory();

    private static string Arguments(string text, int start)
    {
        var (depth, end) = (1, start);
        for (; depth > 0; end++)
        {
            depth += text[end] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return text[start..end];
    }
}
