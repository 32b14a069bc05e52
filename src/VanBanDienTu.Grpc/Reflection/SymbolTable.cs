using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>The proto files behind some services, found by file name or by the full name of what they declare.</summary>
internal sealed class SymbolTable
{
    private readonly Dictionary<string, FileDescriptor> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> bySymbol = new(StringComparer.Ordinal);

    public SymbolTable(IEnumerable<ServiceDescriptor> services)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            names.Add(service.FullName);
            Add(service.File);
        }

        Services = [.. names];
    }

    /// <summary>The full names of the services, sorted.</summary>
    public IReadOnlyList<string> Services { get; }

    public FileDescriptor? FileByName(string name) => byName.GetValueOrDefault(name);

    public FileDescriptor? FileBySymbol(string symbol) => bySymbol.GetValueOrDefault(symbol);

    /// <summary>The file and all that it imports, the file first, each once, serialized.</summary>
    public static IReadOnlyList<ByteString> WithImports(FileDescriptor file)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<ByteString>();
        var waiting = new Queue<FileDescriptor>([file]);
        while (waiting.TryDequeue(out var next))
        {
            if (!seen.Add(next.Name))
                continue;
            found.Add(next.SerializedData);
            foreach (var import in next.Dependencies)
                waiting.Enqueue(import);
        }

        return found;
    }

    private void Add(FileDescriptor file)
    {
        if (!byName.TryAdd(file.Name, file))
            return;
        foreach (var service in file.Services)
        {
            bySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
                bySymbol[method.FullName] = file;
        }

        foreach (var message in file.MessageTypes)
            Add(message, file);
        foreach (var one in file.EnumTypes)
            bySymbol[one.FullName] = file;
        foreach (var import in file.Dependencies)
            Add(import);
    }

    private void Add(MessageDescriptor message, FileDescriptor file)
    {
        bySymbol[message.FullName] = file;
        foreach (var field in message.Fields.InDeclarationOrder())
            bySymbol[field.FullName] = file;
        foreach (var nested in message.NestedTypes)
            Add(nested, file);
        foreach (var one in message.EnumTypes)
            bySymbol[one.FullName] = file;
    }
}
