import Glibc
import TestSupport

/// Servers from Debian packages on loopback, as long as the value lives.
final class LocalServer {
    let port: Int
    private let project: Project
    private let pidFile: String

    /// Starts a shell script that puts its process into `$PIDFILE` and serves on `$PORT`; `nil`, and
    /// said, where the program is missing.
    init?(_ project: Project, program: String, package: String, name: String, script: String) {
        guard isInstalled(program, package: package, else: "\(name) was not tried") else {
            return nil
        }
        self.project = project
        pidFile = "\(project.path)/\(name).pid"
        project.shell(
            "python3 -c \"import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); "
                + "print(s.getsockname()[1])\" > \(name).port")
        port = Int(project.read("\(name).port").split(separator: "\n").first ?? "0") ?? 0
        project.shell(
            "export PORT=\(port) PIDFILE='\(pidFile)' PATH=$PATH:/usr/sbin; \(script)\n"
                + "for i in $(seq 500); do (exec 3<>/dev/tcp/127.0.0.1/$PORT) 2>/dev/null && break; "
                + "python3 -c \"import socket,sys; s=socket.socket(); "
                + "sys.exit(s.connect_ex(('127.0.0.1',$PORT)))\" && break; sleep 0.02; done")
    }

    deinit { project.shell("kill $(cat '\(pidFile)') 2>/dev/null") }

    var url: String { "http://127.0.0.1:\(port)" }

    /// nginx with WebDAV; `password` asks for `ada:secret`.
    static func nginx(_ project: Project, hasPassword: Bool = false) -> LocalServer? {
        let authentication =
            hasPassword
            ? "auth_basic x; auth_basic_user_file \"$p/users\";" : ""
        return LocalServer(
            project, program: "nginx", package: "nginx-light", name: "nginx",
            script: """
                mkdir -p web; chmod 777 web; chmod a+rx .; p="$(pwd)"
                printf 'ada:%s\\n' "$(openssl passwd -apr1 secret)" > users
                cat > nginx.conf <<END
                daemon off; master_process off; pid "$p/ng.pid"; error_log "$p/ng.log";
                events { worker_connections 128; }
                http { access_log "$p/access.log"; client_max_body_size 0;
                  client_body_temp_path "$p/t1"; proxy_temp_path "$p/t2"; fastcgi_temp_path "$p/t3";
                  uwsgi_temp_path "$p/t4"; scgi_temp_path "$p/t5";
                  server { listen 127.0.0.1:$PORT; root "$p/web"; \(authentication)
                    location / { dav_methods PUT MKCOL; create_full_put_path on; }
                    location /listing/ { dav_methods PUT MKCOL; create_full_put_path on;
                      autoindex on; } } }
                END
                nginx -e "$p/ng.log" -c "$p/nginx.conf" >/dev/null 2>&1 & echo $! > "$PIDFILE"
                """)
    }

    /// An SSH server that takes one key, for SFTP.
    static func ssh(_ project: Project) -> LocalServer? {
        LocalServer(
            project, program: "sshd", package: "openssh-server", name: "sshd",
            script: """
                mkdir -p /run/sshd ssh; p="$(pwd)"; chmod 700 ssh
                ssh-keygen -q -t ed25519 -N '' -f ssh/host; ssh-keygen -q -t ed25519 -N '' -f ssh/user
                cp ssh/user.pub ssh/authorized
                cat > ssh/config <<END
                ListenAddress 127.0.0.1
                Port $PORT
                HostKey "$p/ssh/host"
                AuthorizedKeysFile "$p/ssh/authorized"
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PidFile "$PIDFILE"
                Subsystem sftp internal-sftp
                END
                "$(command -v sshd)" -f "$p/ssh/config" -E "$p/ssh/log"
                """)
    }
}

/// People who share: each has a project, and keys of their own.
protocol SharingPeople {}

extension SharingPeople {
    /// A project with the small experiment.
    func project(_ configuration: String = "") -> Project {
        let project = Project()
        project.write("pipelines/many.yaml", manyCells)
        if !configuration.isEmpty { project.write("bitlaw.yaml", configuration) }
        return project
    }

    /// Runs the command as somebody who approved what the project asks for.
    func run(_ project: Project, _ arguments: String, _ environment: String = "")
        -> Project.Outcome
    {
        _ = project.bitlaw(
            "trust --yes",
            environment: "BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG='\(project.path)/config'")
        return project.bitlaw(
            arguments,
            environment:
                "BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG='\(project.path)/config' \(environment)")
    }
}
