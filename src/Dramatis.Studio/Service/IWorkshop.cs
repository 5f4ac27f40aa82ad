using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Weights.Catalog;

namespace Dramatis.Studio.Service;

/// <summary>What the studio asks of the service that it is part of, for one owner: the same jobs, pictures and rules as over HTTP.</summary>
public interface IWorkshop
{
    /// <summary>All names that requests may use.</summary>
    IReadOnlyList<CatalogEntry> Models { get; }

    /// <summary>What a model chooses where a request says nothing.</summary>
    /// <exception cref="DramatisException">There is no such model, or it is damaged.</exception>
    GenerationDefaults DefaultsOf(string? model);

    /// <summary>Keeps a picture, which requests then name by its id.</summary>
    /// <exception cref="DramatisException">It is no picture, or too large.</exception>
    Task<StoredPicture> UploadAsync(byte[] file, string name, CancellationToken stop);

    /// <summary>A picture that is kept; null for one that is not there, or another's.</summary>
    Task<StoredPicture?> FindPictureAsync(string id, CancellationToken stop);

    /// <summary>The bytes of a painted picture, with its record; null for one that is not there, or another's.</summary>
    Task<byte[]?> ReadPaintedAsync(string id, CancellationToken stop);

    /// <summary>Checks a request as it would be checked when it is sent.</summary>
    /// <exception cref="DramatisException">It would be refused; the error says which field.</exception>
    Task CheckAsync(GenerationRequest request, CancellationToken stop);

    /// <summary>Puts a request into the queue.</summary>
    /// <inheritdoc cref="CheckAsync" path="/exception"/>
    Task<StudioJob> PaintAsync(GenerationRequest request, CancellationToken stop);

    /// <summary>Jobs, newest first.</summary>
    /// <param name="state">Those of a state alone, as the API says it; null for all.</param>
    /// <param name="before">The id that the page before ended with; null begins with the newest.</param>
    Task<IReadOnlyList<StudioJob>> JobsAsync(string? state, string? before, int limit, CancellationToken stop);

    /// <summary>Everybody's jobs, newest first.</summary>
    /// <inheritdoc cref="JobsAsync" path="/param"/>
    /// <exception cref="DramatisException">They are for admins.</exception>
    Task<IReadOnlyList<StudioJob>> AllJobsAsync(string? before, int limit, CancellationToken stop);

    /// <summary>A job; null for one that is not there, or another's.</summary>
    Task<StudioJob?> FindJobAsync(string id, CancellationToken stop);

    /// <summary>What happens to a job, from its beginning until its end.</summary>
    IAsyncEnumerable<JobNews> FollowAsync(string job, CancellationToken stop);

    /// <exception cref="DramatisException">It has ended.</exception>
    Task CancelAsync(string job);

    /// <exception cref="DramatisException">It has not ended, or is done.</exception>
    Task RetryAsync(string job);

    /// <exception cref="DramatisException">It has not ended.</exception>
    Task DeleteAsync(string job);

    /// <exception cref="DramatisException">It no longer waits.</exception>
    Task AmendAsync(string job, int? priority, bool? kept);

    /// <summary>Painted pictures, newest first.</summary>
    /// <inheritdoc cref="JobsAsync" path="/param"/>
    Task<IReadOnlyList<PaintedPicture>> PicturesAsync(string? before, int limit, CancellationToken stop);

    /// <summary>How many painted pictures there are.</summary>
    Task<int> CountPicturesAsync(CancellationToken stop);

    /// <summary>Saved subjects, newest first.</summary>
    Task<IReadOnlyList<CastMember>> CastAsync(CancellationToken stop);

    /// <summary>Saves a subject, or changes one.</summary>
    /// <param name="id">Null for a new one.</param>
    /// <exception cref="DramatisException">Its name is taken or none, or it has no picture.</exception>
    Task<CastMember> SaveAsync(string? id, string name, string phrase, IReadOnlyList<string> pictures, CancellationToken stop);

    /// <exception cref="DramatisException">It is just being learned.</exception>
    Task ForgetAsync(string id, CancellationToken stop);

    /// <summary>Ways to learn a subject.</summary>
    IReadOnlyList<LearnWay> Ways { get; }

    /// <summary>Learns a subject from its pictures, as a job.</summary>
    /// <param name="steps">Null for as many as the method usually takes.</param>
    /// <exception cref="DramatisException">It has too few pictures, or the service does not give as much.</exception>
    Task<StudioJob> LearnAsync(string id, string method, int? steps, CancellationToken stop);

    /// <summary>The bytes of a kept picture; null for one that is not there, or another's.</summary>
    Task<byte[]?> ReadPictureAsync(string id, CancellationToken stop);

    Task<QueueLook> QueueAsync();

    /// <exception cref="DramatisException">That is for admins.</exception>
    Task PauseAsync(bool isPaused);

    Task<bool> IsAdminAsync();

    /// <summary>All keys there are and were.</summary>
    /// <exception cref="DramatisException">They are for admins.</exception>
    Task<IReadOnlyList<KeyLook>> KeysAsync(CancellationToken stop);

    /// <summary>Makes a key.</summary>
    /// <returns>What nobody can read again.</returns>
    /// <exception cref="DramatisException">The name is none, or has a key; or keys are not for this one.</exception>
    Task<string> AddKeyAsync(string name, bool isForAdmin, CancellationToken stop);

    /// <exception cref="DramatisException">There is no such key; or keys are not for this one.</exception>
    Task RevokeKeyAsync(string name, CancellationToken stop);
}

/// <summary>Opens the service for somebody.</summary>
public interface IWorkshops
{
    /// <param name="user">The name that somebody has logged in with; null for whoever sits at this machine.</param>
    IWorkshop Of(string? user);
}
