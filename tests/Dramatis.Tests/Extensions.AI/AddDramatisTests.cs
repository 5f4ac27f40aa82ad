using Dramatis.Extensions.AI;
using Dramatis.Pipelines;
using Dramatis.Toybox;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dramatis.Tests.Extensions.AI;

/// <summary>Dramatis among a program's services.</summary>
public sealed class AddDramatisTests
{
    [Fact]
    public void One_generator_serves_the_whole_program_by_both_its_faces()
    {
        using var services = new ServiceCollection().AddDramatis(options => options.PreviewEvery = 2).BuildServiceProvider();

        var generator = services.GetRequiredService<ImageGenerator>();

        Assert.Same(generator, services.GetRequiredService<ImageGenerator>());
        Assert.Same(generator, services.GetRequiredService<IImageGenerator>().GetService<ImageGenerator>());
    }

    [Fact]
    public async Task It_is_disposed_with_the_services()
    {
        ImageGenerator generator;
        await using (var services = new ServiceCollection().AddDramatis(options => options.Model = EmbeddedModel.Folder).BuildServiceProvider())
        {
            generator = services.GetRequiredService<ImageGenerator>();
            services.GetRequiredService<IImageGenerator>();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.PaintAsync(new() { Prompt = "a dog" }, TestContext.Current.CancellationToken));
    }

    public static TheoryData<string, Action<DramatisOptions>> Refused => new()
    {
        { "Model", options => options.Model = "/no/such/model" },
        { "Model", options => (options.Model, options.Catalog) = ("nameless", new(EmbeddedModel.Folder, Path.Combine(Path.GetTempPath(), "no-catalogue"))) },
        { "PreviewEvery", options => options.PreviewEvery = -1 },
        { "Precision", options => options.Precision = (Dramatis.Tensors.Precision)9 },
        { "Folder", options => options.Folder = "/no/such/folder" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Options_that_cannot_be_are_refused_at_the_start_by_the_setting(string setting, Action<DramatisOptions> configure)
    {
        using var services = new ServiceCollection().AddDramatis(configure).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith($"Dramatis:{setting} ", error.Message, StringComparison.Ordinal);
    }
}
