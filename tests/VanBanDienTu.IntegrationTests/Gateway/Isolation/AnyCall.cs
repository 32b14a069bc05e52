using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace VanBanDienTu.IntegrationTests.Gateway.Isolation;

/// <summary>Everything that a caller can see of one call.</summary>
/// <param name="Seen">All texts and bytes of all answers, the status, the trailers.</param>
internal sealed partial record Transcript(StatusCode Code, string Reason, string Seen)
{
    /// <summary>Without what was asked for, and without what is new in every answer: ids, digests, instants.</summary>
    public string Plain(string asked) => Times().Replace(Digests().Replace(Ids().Replace(
        $"{Code} {Reason} {Without(asked)}", "‹id›"), "‹digest›"), "‹time›");

    public string Without(string asked) => asked.Length == 0 ? Seen : Seen.Replace(asked, "‹asked›", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9a-fA-F]{16,}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Digests();

    [GeneratedRegex("[0-9]{13}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+\\+07:00|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]+ GMT", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Times();
}

/// <summary>Calls any method of any service by its descriptor, however it streams, and writes down all that comes back.</summary>
internal static class AnyCall
{
    /// <summary>A stream that stays open, such as Watch, is listened to for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>Longer than any machine takes to answer a call that ends.</summary>
    public static readonly TimeSpan Forever = TimeSpan.FromMinutes(5);

    public static IReadOnlyList<MethodDescriptor> Methods { get; } =
    [
        .. typeof(Contracts.V1.OutgoingReflection).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor")?.PropertyType == typeof(FileDescriptor) ? (FileDescriptor?)type.GetProperty("Descriptor")!.GetValue(null) : null)
            .OfType<FileDescriptor>().SelectMany(file => file.Services).SelectMany(service => service.Methods),
    ];

    public static string Name(MethodDescriptor method) => $"{method.Service.Name}.{method.Name}";

    public static Task<Transcript> AskAsync(GrpcChannel channel, string name, params IEnumerable<IMessage> requests) =>
        AskAsync(channel, name, name.EndsWith(".Watch", StringComparison.Ordinal) ? Patience : Forever, requests);

    public static async Task<Transcript> AskAsync(GrpcChannel channel, string name, TimeSpan patient, IEnumerable<IMessage> requests)
    {
        var method = Methods.Single(m => Name(m) == name);
        using var patience = new CancellationTokenSource(patient);
        // On the wire a call is a stream both ways, whatever its declaration says.
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<IMessage, IMessage>(
                MethodType.DuplexStreaming, method.Service.FullName, method.Name,
                Marshallers.Create<IMessage>(message => message.ToByteArray(), _ => throw new InvalidOperationException()),
                Marshallers.Create<IMessage>(_ => throw new InvalidOperationException(), bytes => method.OutputType.Parser.ParseFrom(bytes))),
            null, new CallOptions(cancellationToken: patience.Token));
        var seen = new StringBuilder();
        using var bytes = new MemoryStream();
        try
        {
            await WriteAsync(call.RequestStream, requests);
            while (await call.ResponseStream.MoveNext(patience.Token))
                Collect(call.ResponseStream.Current, seen, bytes);
            Unzip(bytes, seen);
            return new Transcript(StatusCode.OK, "", seen.Append(Trailers(call.GetTrailers())).ToString());
        }
        catch (RpcException e)
        {
            Unzip(bytes, seen);
            return new Transcript(e.StatusCode, Reason(e), seen.Append(e.Status.Detail).Append(Trailers(e.Trailers)).ToString());
        }
    }

    private static async Task WriteAsync(IClientStreamWriter<IMessage> stream, IEnumerable<IMessage> requests)
    {
        try
        {
            foreach (var request in requests)
                await stream.WriteAsync(request);
            await stream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The node ended the call while we wrote: what it said is read next.
        }
    }

    private static void Collect(IMessage message, StringBuilder seen, MemoryStream bytes)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.RealContainingOneof is { } choice && choice.Accessor.GetCaseFieldDescriptor(message) != field)
                continue;
            if (!field.IsRepeated)
                Value(field.Name, value, seen, bytes);
            else
                foreach (var item in (System.Collections.IEnumerable)value)
                    Value(field.Name, item, seen, bytes);
        }
    }

    private static void Value(string name, object? value, StringBuilder seen, MemoryStream bytes)
    {
        if (value is IMessage inner)
        {
            Collect(inner, seen, bytes);
            return;
        }

        if (value is ByteString data)
        {
            bytes.Write(data.Span);
            value = Readable(data.Span);
        }

        seen.Append(name).Append('=').Append(value).Append('\n');
    }

    private static void Unzip(MemoryStream bytes, StringBuilder seen)
    {
        if (!bytes.TryGetBuffer(out var all) || all.Count < 4 || !all.AsSpan(0, 4).SequenceEqual("PK\x03\x04"u8))
            return;
        using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            seen.Append(entry.FullName).Append('\n').Append(reader.ReadToEnd()).Append('\n');
        }
    }

    private static string Readable(ReadOnlySpan<byte> bytes) =>
        string.Concat(Encoding.UTF8.GetString(bytes).Where(c => c == '\n' || (!char.IsControl(c) && c != '\uFFFD')));

    private static string Reason(RpcException e) =>
        e.GetRpcStatus()?.Details.FirstOrDefault(d => d.Is(ErrorInfo.Descriptor))?.Unpack<ErrorInfo>().Type ?? "";

    private static string Trailers(Metadata trailers) => string.Concat(
        trailers.Select(t => $"{t.Key}: {(t.IsBinary ? Readable(t.ValueBytes) : t.Value)}\n"));
}
