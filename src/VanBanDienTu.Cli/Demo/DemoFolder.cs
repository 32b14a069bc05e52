using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Demo;

/// <summary>The folder that the demo leaves. An earlier one is replaced; anything else of that name is left alone.</summary>
internal sealed class DemoFolder
{
    private const string Mark = ".vbdt-demo";

    private DemoFolder(string root) => Root = root;

    public string Root { get; }

    public string Pki => Path.Combine(Root, "pki");

    public string Trust => Path.Combine(Root, "trust");

    public string TrustRoot => Path.Combine(Trust, "root.pem");

    public string Nodes => Path.Combine(Root, "nodes");

    public string Drafts => Path.Combine(Root, "drafts");

    public string Signed => Path.Combine(Root, "signed");

    public string Packets => Path.Combine(Root, "packets");

    public string Receipts => Path.Combine(Root, "receipts");

    public string Reports => Path.Combine(Root, "reports");

    /// <summary>Makes an empty folder, in place of an earlier demo's.</summary>
    /// <exception cref="CommandException">Something that is not an earlier demo's is in the way.</exception>
    public static DemoFolder Create(string path)
    {
        var root = Path.GetFullPath(path);
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any() && !File.Exists(Path.Combine(root, Mark))))
        {
            throw new CommandException(
                ExitCode.InputOutput,
                $"«{root}» đã có và không phải do demo tạo ra; hãy đổi tên nó hoặc chọn nơi khác bằng --out.",
                $"«{root}» exists and was not made by the demo; rename it or choose another place with --out.");
        }
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, Mark), "Made by «vbdt demo», which replaces this folder on its next run.\n");
        var folder = new DemoFolder(root);
        foreach (var sub in new[] { folder.Trust, folder.Nodes, folder.Drafts, folder.Signed, folder.Packets, folder.Receipts, folder.Reports }) Directory.CreateDirectory(sub);
        return folder;
    }
}
