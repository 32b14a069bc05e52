namespace Grpc.Core.Utils;

/// <summary>Whole streams at once.</summary>
public static class AsyncStreamExtensions
{
    public static async Task ForEachAsync<T>(this IAsyncStreamReader<T> streamReader, Func<T, Task> asyncAction) where T : class
    {
        ArgumentNullException.ThrowIfNull(asyncAction);
        while (await streamReader.MoveNext(CancellationToken.None))
            await asyncAction(streamReader.Current);
    }

    public static async Task<List<T>> ToListAsync<T>(this IAsyncStreamReader<T> streamReader) where T : class
    {
        var all = new List<T>();
        while (await streamReader.MoveNext(CancellationToken.None))
            all.Add(streamReader.Current);
        return all;
    }

    public static async Task WriteAllAsync<T>(this IClientStreamWriter<T> streamWriter, IEnumerable<T> elements, bool complete = true) where T : class
    {
        ArgumentNullException.ThrowIfNull(elements);
        foreach (var element in elements)
            await streamWriter.WriteAsync(element);
        if (complete)
            await streamWriter.CompleteAsync();
    }

    public static async Task WriteAllAsync<T>(this IServerStreamWriter<T> streamWriter, IEnumerable<T> elements) where T : class
    {
        ArgumentNullException.ThrowIfNull(elements);
        foreach (var element in elements)
            await streamWriter.WriteAsync(element);
    }
}
