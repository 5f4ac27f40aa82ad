using System.Diagnostics;
using System.Text;

namespace Dramatis.Tests.Packages;

/// <summary>The packages in a folder of their own, and programs that have nothing but them: no file of the repository builds or configures these.</summary>
public sealed class PackedPrograms : IDisposable
{
    private static readonly string[] Packages = ["Dramatis.Core", "Dramatis", "Dramatis.Training", "Dramatis.Toybox", "Dramatis.CutOut", "Dramatis.Extensions.AI"];

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-packages-").FullName;

    public PackedPrograms()
    {
        Directory.CreateDirectory(Feed);
        foreach (var package in Packages)
        {
            Run("dotnet", folder, "pack", Repository.PathOf("src", package), "-c", Configuration, "--no-build", "-o", Feed, "-v", "quiet", "-nologo");
        }

        File.WriteAllText(Path.Combine(folder, "NuGet.config"), """
            <configuration>
              <packageSources><clear /><add key="packed" value="feed" /></packageSources>
            </configuration>
            """);
        Directory.CreateSymbolicLink(Path.Combine(folder, "samples"), Repository.PathOf("samples"));
    }

    /// <summary>Where the packages are.</summary>
    public string Feed => Path.Combine(folder, "feed");

    /// <summary>Where the programs run.</summary>
    public string Folder => folder;

    private static string Configuration => AppContext.BaseDirectory.Contains("debug", StringComparison.OrdinalIgnoreCase) ? "Debug" : "Release";

    /// <summary>Builds a sample's sources as a program of its own, once.</summary>
    /// <returns>Its executable.</returns>
    public string Build(string sample, string sdk)
    {
        var project = Path.Combine(folder, sample);
        var program = Path.Combine(project, "bin", sample);
        if (File.Exists(program))
        {
            return program;
        }

        Directory.CreateDirectory(project);
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("samples", sample), "*.cs"))
        {
            File.Copy(file, Path.Combine(project, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(project, $"{sample}.csproj"), $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NoWarn>$(NoWarn);MEAI001</NoWarn>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Dramatis.Extensions.AI" Version="0.1.0" />
                <PackageReference Include="Dramatis.Toybox" Version="0.1.0" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" />
              </ItemGroup>
            </Project>
            """);
        Run("dotnet", project, "build", "-c", "Release", "-o", "bin", "-v", "quiet", "-nologo");
        return program;
    }

    /// <summary>What is said when a program is built that does nothing and has Dramatis alone.</summary>
    public string BuildBare(string name, string properties = "") => BuildOf(name, "return;", "Dramatis", properties);

    /// <summary>Builds a program of one package alone.</summary>
    /// <returns>What is said meanwhile; the program is <c>bin/NAME</c> in its folder.</returns>
    public string BuildOf(string name, string code, string package, string properties = "")
    {
        var project = Path.Combine(folder, name);
        Directory.CreateDirectory(project);
        File.WriteAllText(Path.Combine(project, "Program.cs"), code);
        File.WriteAllText(Path.Combine(project, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType>{properties}</PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="0.1.0" /></ItemGroup>
            </Project>
            """);
        return Run("dotnet", project, "build", "-c", "Release", "-o", "bin", "-v", "quiet", "-nologo");
    }

    /// <summary>What a program writes; its failure is the test's.</summary>
    public string Run(string program, string workingFolder, params IEnumerable<string> arguments)
    {
        using var process = Start(program, workingFolder, arguments);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors}");
        return output;
    }

    /// <summary>A program that goes on.</summary>
    public Process Start(string program, string workingFolder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingFolder, RedirectStandardOutput = true, RedirectStandardError = true };

        // What is in the user's cache need not come from anywhere, and what is packed here does not stay in it.
        start.Environment["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        start.Environment["NUGET_PACKAGES"] = Path.Combine(folder, "packages");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
