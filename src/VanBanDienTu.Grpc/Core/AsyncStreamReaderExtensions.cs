using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Other ways to read a stream.</summary>
public static class AsyncStreamReaderExtensions
{
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader) where T : class
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }

    /// <summary>The rest of the stream, for <c>await foreach</c>.</summary>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(this IAsyncStreamReader<T> streamReader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return Enumerate(streamReader, cancellationToken);
    }

    private static async IAsyncEnumerable<T> Enumerate<T>(
        IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.MoveNext(cancellationToken))
            yield return reader.Current;
    }
}
