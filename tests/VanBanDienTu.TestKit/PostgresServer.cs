using System.Diagnostics;
using System.Globalization;

namespace VanBanDienTu.TestKit;

/// <summary>
/// A real PostgreSQL of the installed version on a data folder of its own, reached over a socket in that folder, every commit synced.
/// PostgreSQL refuses root, so root starts it as the user «postgres»; it ends when this process ends, however it ends.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string User = "postgres";
    private const int Batch = 100;
    private static readonly string Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0)
            .Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "postgres"))) ?? Missing()
        : Missing();

    private readonly string _folder;
    private readonly string[] _settings;
    private Process? _keeper;
    private readonly Lock _gate = new();
    private int _databases;
    private int _schemas;

    private PostgresServer(string folder, string[] settings) => (_folder, _settings) = (folder, settings);

    /// <summary>Of the process that listens; its own children serve the connections.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Set for the server at its next start, beside what this process has.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <param name="settings">Like «max_connections=50».</param>
    public static PostgresServer Start(params string[] settings) => StartIn(Directory.CreateTempSubdirectory("vbdt-pg-").FullName, settings);

    /// <param name="folder">An empty folder of its own with a short path (a socket's is short); deleted in the end.</param>
    /// <param name="settings">Like «max_connections=50».</param>
    public static PostgresServer StartIn(string folder, params string[] settings)
    {
        var server = new PostgresServer(folder, settings);
        if (System.Environment.IsPrivilegedProcess)
            Demand(ExternalTool.Run("chown", User, server._folder));
        Demand(server.As(Path.Combine(Programs, "initdb"), "-D", server.Data, "-A", "trust", "-U", User, "-E", "UTF8", "--locale=C", "--no-sync"));
        server.Run();
        return server;
    }

    /// <summary>A database, empty or a copy of another, which nobody may be connected to; the answer is its connection string.</summary>
    /// <param name="template">The connection string of that other one.</param>
    public string NewDatabase(string? template = null)
    {
        var name = $"node{Interlocked.Increment(ref _databases)}";
        Query("postgres", $"CREATE DATABASE {name}{(template is null ? "" : " TEMPLATE " + NameOf(template))}");
        return $"Host={_folder};Username={User};Database={name}";
    }

    /// <summary>An empty schema of one database that all share, much cheaper; the answer is its connection string.</summary>
    public string NewSchema()
    {
        lock (_gate)
        {
            if (_schemas == 0)
                Query("postgres", "CREATE DATABASE shared");
            if (_schemas % Batch == 0)
                Query("shared", string.Concat(Enumerable.Range(_schemas, Batch).Select(i => $"CREATE SCHEMA s{i};")));
            return $"Host={_folder};Username={User};Search Path=s{_schemas++};Database=shared";
        }
    }

    /// <summary>What <c>psql</c> answers, one row a line, columns apart by «|».</summary>
    /// <param name="database">Its name, or the connection string that <see cref="NewDatabase"/> gave.</param>
    public string Query(string database, string sql) =>
        Demand(ExternalTool.Run(Path.Combine(Programs, "psql"), "-h", _folder, "-U", User, "-d", NameOf(database), "-v", "ON_ERROR_STOP=1", "-qAtc", sql)).Output.Trim();

    /// <summary><c>pg_dump</c> of one state, while others work on it.</summary>
    /// <param name="database">As for <see cref="Query"/>.</param>
    public void Dump(string database, string file) =>
        Demand(ExternalTool.Run(Path.Combine(Programs, "pg_dump"), "-h", _folder, "-U", User, "-d", NameOf(database), "-f", file));

    /// <summary>Throws a database away and puts a dump in its place.</summary>
    public void PutBack(string database, string file)
    {
        Query("postgres", $"DROP DATABASE {NameOf(database)} WITH (FORCE)");
        Query("postgres", $"CREATE DATABASE {NameOf(database)}");
        Demand(ExternalTool.Run(Path.Combine(Programs, "psql"), "-h", _folder, "-U", User, "-d", NameOf(database), "-v", "ON_ERROR_STOP=1", "-qf", file));
    }

    /// <summary>kill -9: nothing is written any more; the children end when they notice.</summary>
    public void Kill()
    {
        using (var server = Process.GetProcessById(ProcessId))
            server.Kill();
        Forget();
    }

    /// <summary>Where it listens.</summary>
    public System.Net.EndPoint Socket => new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_folder, ".s.PGSQL.5432"));

    /// <summary>What the server says.</summary>
    public string LogFile => Path.Combine(_folder, "log");

    /// <summary>Whether it runs: a full disk ends it too.</summary>
    public bool IsRunning => _keeper is { HasExited: false };

    /// <summary>Starts again on what a kill left.</summary>
    public void Restart() => Run();

    public void Dispose()
    {
        Forget();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private void Run()
    {
        // The shell reads from us: when we are gone, however, it stops the server.
        var command = string.Join(' ', [
            "exec 3<&0 2>/dev/null;", Path.Combine(Programs, "postgres"), "-D", Data, "-k", _folder, "-c", "listen_addresses=",
            .. _settings.SelectMany(s => (string[])["-c", s]), ">>", LogFile, "2>&1", "3<&-", "& server=$!;",
            "(read -r _ <&3; kill -INT $server 2>/dev/null) & exec 3<&-; wait $server"]);
        for (var attempt = 0; ; attempt++)
        {
            var start = AsUser("sh", "-c", command);
            foreach (var (name, value) in Environment)
                start.Environment[name] = value;
            _keeper = Process.Start(start)!;
            if (Ready())
                return;
            Forget();
            // The children of a killed server may still hold its memory for a moment.
            if (attempt == 20)
                throw new InvalidOperationException("PostgreSQL did not start: " + File.ReadAllText(LogFile));
            Thread.Sleep(100);
        }
    }

    private bool Ready()
    {
        for (var i = 0; i < 600 && !_keeper!.HasExited; i++)
        {
            if (ExternalTool.Run(Path.Combine(Programs, "pg_isready"), "-q", "-h", _folder, "-U", User).ExitCode == 0)
            {
                ProcessId = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
                return true;
            }

            Thread.Sleep(25);
        }

        return false;
    }

    private void Forget()
    {
        if (_keeper is not { } keeper)
            return;
        _keeper = null;
        keeper.StandardInput.Close();
        if (!keeper.WaitForExit(Patience.Longest))
            keeper.Kill();
        keeper.Dispose();
    }

    private ToolAnswer As(string program, params string[] arguments)
    {
        var start = AsUser(program, arguments);
        return ExternalTool.Run(start.FileName, [.. start.ArgumentList]);
    }

    private ProcessStartInfo AsUser(string program, params string[] arguments)
    {
        string[] words = System.Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(words[0]) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = _folder };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        return start;
    }

    private static ToolAnswer Demand(ToolAnswer answer) =>
        answer.ExitCode == 0 ? answer : throw new InvalidOperationException($"PostgreSQL's tools failed: {answer.Output}");

    private static string NameOf(string database) => database[(database.LastIndexOf("Database=", StringComparison.Ordinal) is var at and >= 0 ? at + 9 : 0)..];

    private static string Missing() => throw new InvalidOperationException("PostgreSQL is missing: apt-get install -y postgresql");
}
