using System.Net;
using System.Net.Sockets;
using Dramatis.Errors;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Weights.Catalog;
using Orleans.Configuration;

namespace Dramatis.Server.Host;

/// <summary>What every process of the service has: settings, database, blobs, models, a silo.</summary>
internal static class ServiceParts
{
    private const string ServiceName = "dramatis";

    /// <summary>Where grains are: those of jobs that have ended would pile up, a million by default.</summary>
    private const int RememberedGrains = 200;

    public static void AddStorage(this IServiceCollection services, ServiceSettings settings)
    {
        var blobs = Path.Combine(settings.Data!, "blobs");
        Files.OutputFolder.Create(blobs);
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new ModelCatalog(ShippedModels.Embedded, settings.Models));
        services.AddPooledDbContextFactory<ServiceDb>(options => ServiceDb.Configure(options, settings));
        services.AddSingleton<JobStore>();
        services.AddSingleton<PictureStore>();
        services.AddSingleton<Retention>();
        services.AddSingleton<CastStore>();
        if (S3Blobs.Of(settings) is { } bucket)
        {
            services.AddSingleton<ISharedBlobs>(bucket);
        }

        services.AddSingleton<FactStore>();
        services.AddSingleton(parts => ActivatorUtilities.CreateInstance<BlobStore>(parts, blobs));
    }

    /// <summary>A silo on free ports, with its own kinds of grains. It finds the others in the database, or by the service's address on this machine.</summary>
    /// <param name="others">Grains that live on other silos.</param>
    public static ServicePorts AddSilo(this IHostBuilder host, ServiceSettings settings, params Type[] others)
    {
        var address = AddressOf(settings);
        var ports = new ServicePorts(FreePort(address), FreePort(address));
        var primary = settings.Database is null && settings.Role == ServiceRole.Painter ? ClusterOf(settings) : new(address, ports.Silo);
        host.UseOrleans(silo =>
        {
            if (settings.Database is null)
            {
                silo.UseLocalhostClustering(ports.Silo, ports.Gateway, primary, ServiceName, $"{ServiceName}-{primary.Port}");
            }
            else
            {
                silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (ServiceName, ServiceName));
                silo.ConfigureEndpoints(address, ports.Silo, ports.Gateway);
                silo.Services.AddSingleton<IMembershipTable, SiloTable>();
            }

            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.NumMissedProbesLimit = 3;
                options.NumVotesForDeathDeclaration = 1;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);    // who died with all others is told from who lives
            });
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
            silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = RememberedGrains);
            silo.Services.AddPlacementDirector<OnItsSilo, OnItsSiloDirector>();
            silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.ExceptWith(others));
        });
        return ports;
    }

    /// <exception cref="InvalidRequestException">The text is no address, or nobody answers there: joining would be tried for minutes.</exception>
    private static IPEndPoint ClusterOf(ServiceSettings settings)
    {
        InvalidRequestException.ThrowUnless(
            settings.Cluster is not null, "cluster", "is missing; a painter by itself needs --database, or the HOST:PORT of its service.");
        InvalidRequestException.ThrowUnless(
            IPEndPoint.TryParse(settings.Cluster!, out var address) && address.Port > 0,
            "cluster",
            $"\"{settings.Cluster}\" is no HOST:PORT, such as 127.0.0.1:11111.");
        try
        {
            using var client = new TcpClient(address!.AddressFamily);
            client.Connect(address);
            return address;
        }
        catch (SocketException)
        {
            throw new InvalidRequestException("cluster", $"no service answers at {settings.Cluster}; start it first.");
        }
    }

    private static IPAddress AddressOf(ServiceSettings settings)
    {
        InvalidRequestException.ThrowUnless(
            IPAddress.TryParse(settings.Address, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any),
            "address", $"\"{settings.Address}\" is no IP address of this machine, such as 10.0.0.2.");
        InvalidRequestException.ThrowUnless(
            settings.Database is not null || IPAddress.IsLoopback(address!),
            "address", $"\"{settings.Address}\" is for processes that share a database; give that too.");
        return address!;
    }

    private static int FreePort(IPAddress address)
    {
        try
        {
            using var listener = new TcpListener(address, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw new InvalidRequestException("address", $"\"{address}\" cannot be listened on: {e.Message}.");
        }
    }
}

/// <summary>Where a silo listens.</summary>
internal sealed record ServicePorts(int Silo, int Gateway);
