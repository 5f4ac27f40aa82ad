using Dramatis.Requests;

namespace Dramatis.Methods;

/// <summary>A kind of file that says where the words of a prompt belong.</summary>
/// <param name="Recognises">Whether a file is one of these, and no order.</param>
/// <param name="ToRequest">The order that such a file stands for by itself.</param>
/// <param name="FilesIn">The files that it names.</param>
internal sealed record LayoutFormat(Func<string, bool> Recognises, Func<string, GenerationRequest> ToRequest, Func<string, IEnumerable<string>> FilesIn);
