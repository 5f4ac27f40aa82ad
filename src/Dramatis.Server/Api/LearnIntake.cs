using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Server.Storage;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Api;

/// <summary>Takes orders to learn in at the door: a request to learn, whose one subject is of the cast.</summary>
internal sealed class LearnIntake(RequestIntake requests, ServiceLimits limits)
{
    private const string Subjects = "subjects";
    private const string OnlySubject = "subjects[0].";

    /// <summary>Fields of the subject, which stand beside the others: there is one subject alone.</summary>
    public static IReadOnlyList<string> OfSubject { get; } = ["word", "initializer"];

    /// <exception cref="DramatisException">It is no order, names what is not there, or asks for more than the service gives.</exception>
    public LearnRequest Take(CastRow subject, string json)
    {
        var order = Read(json);
        foreach (var field in (string[])[Subjects, "output"])
        {
            RefuseIf(order.ContainsKey(field), field, "is the service's to say; leave it out.");
        }

        RefuseIf(
            subject.PictureIds.Count < SubjectFolder.FewestPictures,
            "pictures", $"are {subject.PictureIds.Count}, too few to learn from; give the subject at least {SubjectFolder.FewestPictures}.");
        order[Subjects] = new JsonArray(Describe(subject, order));
        try
        {
            var request = LearnRequestJson.Parse(order.ToJsonString(), RequestIntake.Files);
            request = request with { Model = request.Model ?? ModelCatalog.Embedded };
            var trainer = LearnRules.Check(request with { Output = "." });
            requests.CheckName("model", request.Model, isBase: true);
            limits.CheckLearning(request, trainer.Steps, trainer.Batch);
            return request;
        }
        catch (InvalidRequestException e) when (e.Field.StartsWith(OnlySubject, StringComparison.Ordinal))
        {
            throw new InvalidRequestException(e.Field[OnlySubject.Length..], e.Problem);
        }
    }

    private static JsonObject Read(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw new RefusedException(StatusCodes.Status400BadRequest, "request", "is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "request", $"is not valid JSON: {e.Message}");
        }
    }

    private static JsonObject Describe(CastRow subject, JsonObject order)
    {
        var described = new JsonObject { ["kind"] = subject.Phrase, ["references"] = ListOf(subject.PictureIds), ["reference_masks"] = ListOf(subject.MaskIds) };
        foreach (var field in OfSubject)
        {
            if (order.Remove(field, out var value))
            {
                described[field] = value;
            }
        }

        return described;
    }

    private static JsonArray ListOf(IEnumerable<string> blobs) => [.. blobs.Select(blob => (JsonNode)blob)];

    private static void RefuseIf(bool isWrong, string field, string problem)
    {
        if (isWrong)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, field, problem);
        }
    }
}
