using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Server.Settings;

namespace Dramatis.Server.Storage;

/// <summary>Blobs in a bucket of S3, or of what speaks like it (MinIO, Ceph, Garage). Folders are objects with a common start.</summary>
internal sealed class S3Blobs : ISharedBlobs, IDisposable
{
    private readonly AmazonS3Client client;
    private readonly string bucket;

    private S3Blobs(AmazonS3Client client, string bucket) => (this.client, this.bucket) = (client, bucket);

    /// <summary>That of the settings, or null.</summary>
    /// <exception cref="InvalidRequestException">The settings are no bucket, or have no key.</exception>
    public static S3Blobs? Of(ServiceSettings settings)
    {
        if (settings.S3 is not { } text)
        {
            return null;
        }

        InvalidRequestException.ThrowUnless(
            Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath.Trim('/') is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal),
            "s3", $"\"{text}\" is no bucket; write https://HOST/BUCKET.");
        InvalidRequestException.ThrowUnless(settings is { S3Key.Length: > 0, S3Secret.Length: > 0 }, "s3_key", "is missing, or s3_secret is; give both.");
        var config = new AmazonS3Config { ServiceURL = url!.GetLeftPart(UriPartial.Authority), ForcePathStyle = true, AuthenticationRegion = "us-east-1" };
        return new(new(new BasicAWSCredentials(settings.S3Key, settings.S3Secret), config), url.AbsolutePath.Trim('/'));
    }

    public async Task PutAsync(string id, string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            await PutFileAsync(id, path, cancellationToken);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            await PutFileAsync($"{id}/{Path.GetRelativePath(path, file).Replace('\\', '/')}", file, cancellationToken);
        }
    }

    public async Task<bool> FetchAsync(string id, string path, CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var item in ObjectsAsync(id, cancellationToken))
        {
            var rest = item.Key[id.Length..];
            if (rest.Length > 0 && rest[0] != '/')
            {
                continue;    // another's, which begins alike
            }

            var target = rest.Length == 0 ? path : Path.Combine(path, rest[1..]);
            OutputFolder.Create(Path.GetDirectoryName(target)!);
            using var answer = await client.GetObjectAsync(bucket, item.Key, cancellationToken);
            AtomicFile.Write(target, answer.ResponseStream.CopyTo);
            found = true;
        }

        return found;
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoredBlob? last = null;    // keys come in order: the files of a folder follow each other
        await foreach (var item in ObjectsAsync("", cancellationToken))
        {
            var blob = new StoredBlob(item.Key.Split('/')[0], item.LastModified.ToUniversalTime(), item.Size);
            if (last is { } before && before.Id == blob.Id)
            {
                last = before with { Bytes = before.Bytes + blob.Bytes };
                continue;
            }

            if (last is { } done)
            {
                yield return done;
            }

            last = blob;
        }

        if (last is { } end)
        {
            yield return end;
        }
    }

    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var item in ObjectsAsync(id, cancellationToken))
        {
            keys.AddRange(item.Key == id || item.Key.StartsWith($"{id}/", StringComparison.Ordinal) ? [item.Key] : []);
        }

        foreach (var key in keys)
        {
            await client.DeleteObjectAsync(bucket, key, cancellationToken);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task PutFileAsync(string key, string path, CancellationToken cancellationToken)
    {
        try
        {
            await client.PutObjectAsync(new() { BucketName = bucket, Key = key, FilePath = path, UseChunkEncoding = false }, cancellationToken);
        }
        catch (AmazonServiceException e)
        {
            throw new OutputNotWrittenException($"s3 bucket {bucket}", e.Message, e);
        }
    }

    private async IAsyncEnumerable<S3Object> ObjectsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response answer;
        do
        {
            answer = await client.ListObjectsV2Async(request, cancellationToken);
            foreach (var item in answer.S3Objects)
            {
                yield return item;
            }

            request.ContinuationToken = answer.NextContinuationToken;
        }
        while (answer.IsTruncated);
    }
}
