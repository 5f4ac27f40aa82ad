using Dramatis.Extensions.AI;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Dramatis among the services of a program.</summary>
public static class DramatisServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="ImageGenerator"/>, for streams of events, and the same as an <see cref="IImageGenerator"/>. One of each for the whole program:
    /// requests take turns. Its log has the category of <see cref="ImageGenerator"/>; traces and metrics are those of <see cref="PaintingTelemetry"/>.
    /// </summary>
    /// <param name="configure">Null: options come from the configuration, if at all. They are checked when the program starts.</param>
    public static IServiceCollection AddDramatis(this IServiceCollection services, Action<DramatisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<DramatisOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DramatisOptions>, DramatisOptionsRules>());
        services.TryAddSingleton(Open);
        services.TryAddSingleton<IImageGenerator>(provider => new DramatisImageGenerator(
            provider.GetRequiredService<ImageGenerator>(), FilesOf(provider.GetRequiredService<IOptions<DramatisOptions>>().Value)));
        return services;
    }

    private static ImageGenerator Open(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DramatisOptions>>().Value;
        Libtorch.Load();
        return ImageGenerator.Open(options.ModelOrToybox, new()
        {
            Catalog = options.Catalog,
            Loading = new() { Device = Devices.Find(options.Device, nameof(options.Device)), Precision = options.Precision, Storage = options.Storage },
            PreviewEvery = options.PreviewEvery,
            RecordFolder = options.Folder,
            Logger = services.GetService<ILogger<ImageGenerator>>(),
        });
    }

    private static RequestFiles FilesOf(DramatisOptions options) => (options.Folder is { } folder ? RequestFiles.Inside(folder) : RequestFiles.None) with
    {
        LocateModel = name => options.Catalog?.Entries.Any(entry => entry.Name == name) == true ? name : null,
    };
}
